import type { Appender, OutRecord } from '@otn/bus'
import { type AlarmEvent, type Codec, cloudEventHeaders } from '@otn/contracts'
import { appError, type Identity } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { Alarm } from '../domain/alarm.ts'
import { type Command, documentId } from '../domain/command.ts'
import { asRequestEvent, type CommandFact, typeOnLog } from '../domain/command-fact.ts'
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
    write: (command, draft, { nowMs, person = null, content = null }) => {
      const named = nameFact(command, draft, { identity, nowMs, person })
      return written(sealed(named, content, parts), parts)
    },
    writeAlarm: (command, alarm, nowMs) => alarmFact(command, { alarm, nowMs }, parts),
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
  content: FactOccasion['content'],
  { vault }: FactsParts,
): CommandFact {
  if (named.type !== 'NotificationScheduled') return named
  const owner = named.person ?? named.pageId
  const record = named.asks ? 'OptInRequestEvent' : 'NotificationEvent'
  const context = { record, eventId: named.eventId, owner }
  return { ...named, ...vault.seal({ ...content }, context) }
}

function written(event: CommandFact, { codec }: FactsParts): WrittenFact {
  const { eventId, asks } = event
  const type = typeOnLog(event.type, asks)
  const headers = { ...cloudEventHeaders({ id: eventId, source: SOURCE, type }) }
  const stored = { eventId, key: keyOf(event), headers }
  const asked = asRequestEvent(event)
  if (asked === null) {
    return { event, stored: { ...stored, value: codec.encode('NotificationEvent', event) } }
  }
  const value = codec.encode('OptInRequestEvent', asked)
  return { event, stored: { ...stored, value, topic: 'optInRequestEvent' } }
}

function alarmFact(
  { pageId, commandId }: Command,
  { alarm: raised, nowMs }: { readonly alarm: Alarm; readonly nowMs: number },
  { codec, identity }: FactsParts,
): StoredFact {
  const { same, ...said } = raised
  const { subject } = said
  const type = 'AlarmRaised'
  const eventId = identity.event(type, pageId, [said.alarm, ...same])
  const cause = documentId(pageId, commandId)
  const about = { correlationId: cause, causationId: cause }
  const event: AlarmEvent = { type, eventId, pageId, at: nowMs, ...said, ...about }
  const headers = { ...cloudEventHeaders({ id: eventId, source: SOURCE, type }) }
  const value = codec.encode('AlarmEvent', event)
  return { eventId, key: subject, value, headers, topic: 'alarm' }
}

function outRecord({ key, value, headers, topic = 'notification' }: StoredFact): OutRecord {
  return { topic, key, value, headers }
}
