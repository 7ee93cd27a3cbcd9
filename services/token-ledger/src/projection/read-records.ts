import type { Codec, RecordOf, Records } from '@otn/contracts'
import { kafkaTopics } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import type { RawRecord, Unusable } from '../log-ports.ts'
import type { LedgerTopic } from '../ports.ts'
import { decodeOrWait } from './decode-record.ts'

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
