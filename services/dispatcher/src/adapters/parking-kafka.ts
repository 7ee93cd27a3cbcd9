import type { Appender, OutRecord } from '@otn/bus'
import { type Codec, cloudEventHeaders, type ParkedMessage, type TopicAlias } from '@otn/contracts'
import { type Clock, type Identity, pageId } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { LogRecord, Parking, Unusable } from '../inbox-ports.ts'

export interface ParkingParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly vault: Vault
  readonly identity: Identity
  readonly clock: Clock
  readonly nameOf: (topic: TopicAlias) => string
  /** Who read it, for whoever drives it again. */
  readonly groupId: string
}

/** What cannot be read names no page. */
const NO_PAGE = pageId('unknown')
const DEADLINE_MS = 10_000

/** Keeps messages that no retry can help, sealed, under ids that follow from where they stood. */
export function createParking(parts: ParkingParts): Parking {
  return {
    park: async (messages) => {
      const records = messages.map((message) => parkedRecord(message, parts))
      await parts.appender.append(records, { deadlineMs: DEADLINE_MS })
    },
  }
}

function parkedRecord({ source, why }: Unusable, parts: ParkingParts): OutRecord {
  const { identity, codec, vault, clock, nameOf, groupId } = parts
  const page = why.pageId ?? NO_PAGE
  const place = [nameOf(source.topic), String(source.partition), String(source.offset)] as const
  const [sourceTopic, partition, sourceOffset] = place
  const eventId = identity.event('MessageParked', page, place)
  const context = { record: 'ParkedMessage', eventId, owner: page }
  const value: ParkedMessage = {
    type: 'MessageParked',
    eventId,
    pageId: page,
    at: clock.nowMs(),
    reason: why.reason,
    detail: why.detail,
    commandId: why.commandId,
    sourceTopic,
    sourcePartition: source.partition,
    sourceOffset,
    ...vault.seal(originalOf(source), context),
  }
  const headers = {
    ...cloudEventHeaders({ id: eventId, source: '/otn/dispatcher', type: value.type }),
    'x-parked-topic': sourceTopic,
    'x-parked-partition': partition,
    'x-parked-offset': sourceOffset,
    'x-parked-timestamp': String(source.timestampMs),
    'x-parked-group': groupId,
    'x-parked-error-code': why.reason,
  }
  return { topic: 'parked', key: page, value: codec.encode('ParkedMessage', value), headers }
}

function originalOf({ key, value, headers }: LogRecord): Readonly<Record<string, unknown>> {
  const text = (bytes: Buffer | null) => bytes?.toString('base64') ?? null
  return { key: text(key), headers, value: text(value) }
}
