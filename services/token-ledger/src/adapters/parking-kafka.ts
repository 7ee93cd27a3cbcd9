import type { Appender, OutRecord } from '@otn/bus'
import { type Codec, cloudEventHeaders, type ParkedMessage } from '@otn/contracts'
import { type Clock, type Identity, pageId } from '@otn/kernel'
import type { Vault } from '@otn/vault'
import type { Parking, ReadTopic, Unusable } from '../log-ports.ts'

export interface ParkingParts {
  readonly appender: Appender
  readonly codec: Codec
  readonly vault: Vault
  readonly identity: Identity
  readonly clock: Clock
  readonly nameOf: (topic: ReadTopic) => string
  /** Who read it, for whoever drives it again. */
  readonly groupId: string
}

/** What cannot be read at all names no page. */
const NO_PAGE = pageId('unknown')
/** No webhook waits for it: it may take as long as a fault of Kafka usually does. */
const DEADLINE_MS = 10_000

/** Keeps records that no retry can help, sealed, under ids that follow from where they stood. */
export function createParking(parts: ParkingParts): Parking {
  return {
    park: async (messages) => {
      const records = messages.map((message) => parkedRecord(message, parts))
      await parts.appender.append(records, { deadlineMs: DEADLINE_MS })
    },
  }
}

function parkedRecord(message: Unusable, parts: ParkingParts): OutRecord {
  const { identity, codec, vault, clock, nameOf } = parts
  const { position, record, reason, detail, names } = message
  const page = names?.pageId ?? NO_PAGE
  const [source, offset] = [nameOf(position.topic), String(position.offset)]
  const place = [source, String(position.partition), offset]
  const eventId = identity.event('MessageParked', page, place)
  const context = { record: 'ParkedMessage', eventId, owner: page }
  const value: ParkedMessage = {
    type: 'MessageParked',
    eventId,
    pageId: page,
    at: clock.nowMs(),
    reason,
    detail,
    commandId: names?.commandId ?? null,
    sourceTopic: source,
    sourcePartition: position.partition,
    sourceOffset: offset,
    ...vault.seal(contentOf(message), context),
  }
  return {
    topic: 'parked',
    key: page,
    value: codec.encode('ParkedMessage', value),
    headers: {
      ...cloudEventHeaders({ id: eventId, source: '/otn/token-ledger', type: value.type }),
      'x-parked-topic': source,
      'x-parked-partition': String(position.partition),
      'x-parked-offset': offset,
      'x-parked-timestamp': String(record.timestampMs),
      'x-parked-group': parts.groupId,
      'x-parked-error-code': reason,
    },
  }
}

function contentOf({
  record: { key, value, headers },
}: Unusable): Readonly<Record<string, unknown>> {
  return {
    key: key?.toString('base64') ?? null,
    headers,
    value: value?.toString('base64') ?? null,
  }
}
