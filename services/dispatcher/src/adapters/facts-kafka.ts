import type { Appender, OutRecord } from '@otn/bus'
import { type Codec, cloudEventHeaders, type NotificationEvent } from '@otn/contracts'
import { appError, type Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { StoredFact, WrittenFact } from '../domain/document.ts'
import { keyOf, type NamedFact, nameFact, nameRejection } from '../domain/fact-draft.ts'
import type { FactOccasion, Facts } from '../ports.ts'

const SOURCE = '/otn/dispatcher'

export interface FactsParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly vault: Vault
  readonly identity: Identity
  /** How long an append may take; a claimed attempt has its lease. */
  readonly deadlineMs: number
  /** Monotonic, ms. */
  readonly machineMs: () => number
}

/** Facts of ours: encoded once, kept as bytes, appended as often as it takes. */
export function createFacts(parts: FactsParts): Facts {
  const { identity, appender, deadlineMs, machineMs } = parts
  return {
    write: (command, draft, { nowMs, person = null, notify = null }) => {
      const named = nameFact(command, draft, { identity, nowMs, person })
      return written(sealed(named, notify, parts), parts)
    },
    writeRejection: (command, nowMs) => {
      const named = nameRejection(command, { identity, nowMs, person: null })
      return written(sealed(named, null, parts), parts)
    },
    tell: async (facts, untilMs = Number.POSITIVE_INFINITY) => {
      if (facts.length === 0) return
      const leftMs = Math.min(deadlineMs, untilMs - machineMs())
      if (leftMs <= 0) throw tooLate()
      await appender.append(facts.map(outRecord), { deadlineMs: leftMs })
    },
  }
}

/** Nothing was sent: who looks next tells it. */
function tooLate(): Error {
  const message = 'the time to tell a failure was over before it began: this process stood still'
  return appError('OTN_BUS_NOT_ACKNOWLEDGED', { message })
}

/** A restatement carries the command, so that it outlives the Kafka topic it came by. */
function sealed(
  named: NamedFact,
  notify: FactOccasion['notify'],
  { vault }: FactsParts,
): NotificationEvent {
  if (named.type !== 'NotificationScheduled') return named
  const owner = named.person ?? named.pageId
  const context = { record: 'NotificationEvent', eventId: named.eventId, owner }
  return { ...named, ...vault.seal({ ...notify }, context) }
}

function written(event: NotificationEvent, { codec }: FactsParts): WrittenFact {
  const { eventId, type } = event
  const value = codec.encode('NotificationEvent', event)
  const headers = { ...cloudEventHeaders({ id: eventId, source: SOURCE, type }) }
  return { event, stored: { eventId, key: keyOf(event), value, headers } }
}

function outRecord({ key, value, headers }: StoredFact): OutRecord {
  return { topic: 'notification', key, value, headers }
}
