import type { TopicAlias } from '@otn/contracts'

/** A record to be written. Its key decides the partition, as in Kafka's Java client. */
export interface OutRecord {
  readonly topic: TopicAlias
  readonly key: string
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string>>
}

/** A record as it was read. A header that came twice keeps its first value. */
export interface InRecord {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The broker's time (LogAppendTime), milliseconds since the epoch. */
  readonly timestampMs: number
}

/** Where a record stands in the log. */
export interface Position {
  readonly topic: TopicAlias
  readonly partition: number
  readonly offset: bigint
}

/** The next offset of every partition, in partition order, by Kafka topic. */
export type NextOffsets = Readonly<Partial<Record<TopicAlias, readonly bigint[]>>>
