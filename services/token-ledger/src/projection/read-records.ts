import type { Codec, Decoded, RecordOf, Records } from '@otn/contracts'
import { kafkaTopics } from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import type { Folds } from '../domain/folds.ts'
import type { LedgerTopic, RawRecord, Unusable } from '../ports.ts'

/** One handler per Kafka topic: what its facts do to the read model. */
export type EventHandlers = {
  readonly [Topic in LedgerTopic]: (event: Records[RecordOf<Topic>]) => Folds
}

export interface LoggedRecord extends RawRecord {
  readonly offset: bigint
}

/** What the records of one partition say, in order. */
export interface Reading {
  readonly folds: readonly Folds[]
  /** Facts by type; a type younger than this build counts as `unknown`. */
  readonly types: Readonly<Record<string, number>>
  readonly unusable: readonly Unusable[]
  /** The first record whose schema nobody can be asked for now; null = all were read. */
  readonly stoppedAt: bigint | null
}

interface Source<Topic extends LedgerTopic> {
  readonly topic: Topic
  readonly partition: number
  readonly records: readonly LoggedRecord[]
}

/** Decodes records and asks each handler; what cannot be read is set aside, never skipped. */
export async function readRecords<Topic extends LedgerTopic>(
  { topic, partition, records }: Source<Topic>,
  { codec, handlers }: { readonly codec: Codec; readonly handlers: EventHandlers },
): Promise<Reading> {
  const folds: Folds[] = []
  const types: Record<string, number> = {}
  const unusable: Unusable[] = []
  const name: RecordOf<Topic> = kafkaTopics[topic].record
  for (const record of records) {
    const read = await decodeOrWait(codec, name, record.value)
    if (read === 'registry-away') return { folds, types, unusable, stoppedAt: record.offset }
    if (read.kind === 'unusable') {
      const position = { topic, partition, offset: record.offset }
      unusable.push({ position, record, reason: read.reason, detail: read.detail })
      continue
    }
    const type = read.kind === 'known' ? read.value.type : 'unknown'
    types[type] = (types[type] ?? 0) + 1
    if (read.kind === 'known') folds.push(handlers[topic](read.value))
  }
  return { folds, types, unusable, stoppedAt: null }
}

type LedgerRecord = RecordOf<LedgerTopic>

type Read<Name extends LedgerRecord> =
  | Extract<Decoded<Name>, { kind: 'known' | 'unknown-type' }>
  | ({ readonly kind: 'unusable' } & Pick<Unusable, 'reason' | 'detail'>)
  | 'registry-away'

/** A schema not seen yet is asked for; while the registry is away the record waits. */
async function decodeOrWait<Name extends LedgerRecord>(
  codec: Codec,
  name: Name,
  value: Buffer | null,
): Promise<Read<Name>> {
  const first = codec.decode(name, value)
  if (first.kind !== 'unknown-schema') return usable(first)
  const { schemaId } = first
  try {
    if (await codec.learn(schemaId)) return usable(codec.decode(name, value))
  } catch (error) {
    if (isAppError(error) && error.retryable) return 'registry-away'
    throw error
  }
  return usable(first)
}

function usable<Name extends LedgerRecord>(decoded: Decoded<Name>): Exclude<Read<Name>, string> {
  switch (decoded.kind) {
    case 'known':
    case 'unknown-type':
      return decoded
    case 'unreadable':
      return { kind: 'unusable', reason: decoded.reason, detail: decoded.detail }
    case 'unknown-schema': {
      const detail = `the registry knows no schema ${decoded.schemaId}`
      return { kind: 'unusable', reason: 'unknown-schema', detail }
    }
  }
}
