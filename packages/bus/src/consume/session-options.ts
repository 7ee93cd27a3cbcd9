import type { TopicAlias } from '@otn/contracts'
import type { KafkaAccess } from '../kafka-client.ts'
import type { Position } from '../record.ts'
import type { TopicNames } from '../topic-names.ts'
import type { Batch, BatchResult } from './batch.ts'
import type { ProgressTable, TopicPartition } from './progress-table.ts'

export interface SessionOptions {
  readonly access: KafkaAccess
  readonly names: TopicNames
  /** Full id, prefix included. */
  readonly groupId: string
  readonly topics: readonly TopicAlias[]
  readonly maxBytesPerPartition: number
  readonly sessionTimeoutMs: number
  readonly concurrency: number
  /** False: the group's offsets are never written. */
  readonly commits: boolean
  readonly progress: ProgressTable
  /** Which positions to begin at; what is not named begins at the commit, else at the beginning. */
  startAt(assigned: readonly TopicPartition[]): readonly Position[]
  onBatch(batch: Batch): Promise<BatchResult>
  aroundCommit?(commit: () => Promise<void>): Promise<void>
  /** Records that nobody sees (control records, aborted ones) were passed. */
  onPassed(position: Position): void
  /** The session has ended by itself; called once. `isRetriable`: another one may do better. */
  onEnded(error: Error, isRetriable: boolean): void
}

/** One life of a kafkajs consumer, from joining the group to leaving it. */
export interface Session {
  /** Lets running batches end, commits them, leaves; gives up after `limitMs`. Never throws. */
  close(limitMs: number): Promise<void>
}
