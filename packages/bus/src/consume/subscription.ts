import type { TopicAlias } from '@otn/contracts'
import type { Position } from '../record.ts'
import type { Batch, BatchResult } from './batch.ts'

export interface Subscription {
  readonly groupId: string
  readonly topics: readonly TopicAlias[]
  /**
   * Applies a batch. Batches of one partition come one at a time and in order; after a crash or a
   * rebalance they come again. A failure of business or of a store is a result (`retry`); a throw
   * is a bug and crashes the consumer (the errors of `heartbeat` excepted: let those out).
   */
  onBatch(batch: Batch): Promise<BatchResult>
  /**
   * Where partitions begin, for a handler whose own cursors are the truth; what is not named begins
   * at the group's commit, else at the first record that is kept. Asked at every assignment. A
   * position too early is safe, for records only come again; without this, a store that lost its
   * state would wait for the next record before it learns that it has to read from the beginning.
   */
  startAt?(assigned: readonly Pick<Position, 'topic' | 'partition'>[]): readonly Position[]
  /** Stands around each commit of the group; what it throws counts as a commit that failed. */
  aroundCommit?(commit: () => Promise<void>): Promise<void>
  /** The consumer has ended and will not come back: end the process. Called at most once. */
  onCrash(error: Error): void
  /** 64-256 KiB; default 256 KiB. */
  readonly maxBytesPerPartition?: number
  /** Default 30 000. After this long without a heartbeat the group gives the partitions away. */
  readonly sessionTimeoutMs?: number
  /** Default 60 000: records wait, none was handled for this long: restart, then crash. */
  readonly stallAfterMs?: number
  /** Partitions handled at the same time. Default 1. */
  readonly concurrency?: number
}

/** How far one assigned partition is. */
export interface PartitionProgress {
  readonly topic: TopicAlias
  readonly partition: number
  /** Next offset to be handled; null until the first batch of this assignment. */
  readonly next: bigint | null
  /** Next offset of the log when it was last looked at; null before. */
  readonly end: bigint | null
  /** Milliseconds since something of this partition was handled, or since it was assigned. */
  readonly idleMs: number
  /** True while it waits after `retry`. */
  readonly paused: boolean
}

/** A running group consumer. */
export interface Consumption {
  /** False while the consumer is being replaced, and once it has ended. */
  readonly isRunning: boolean
  /**
   * Milliseconds since the group's coordinator last answered: about a tenth of the session time-out
   * when all is well. Above the session time-out the partitions may be somebody else's.
   */
  readonly silentMs: number
  /** Of the partitions assigned now. */
  readonly progress: readonly PartitionProgress[]
  /** Lets running batches end, then leaves the group; gives up after `limitMs`. Never throws. */
  close(limitMs: number): Promise<void>
}
