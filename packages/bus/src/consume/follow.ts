import type { TopicAlias } from '@otn/contracts'
import type { NextOffsets } from '../record.ts'
import type { Batch } from './batch.ts'

export interface FollowOptions {
  readonly topics: readonly TopicAlias[]
  /** Where to begin, per partition; what is not given is read from its beginning. */
  readonly from?: NextOffsets
  /** `end`: finish at the end offsets read at the start; later records are not handed over. */
  readonly until?: 'end'
  /** Each record once and in order per partition, also across reconnections. A throw crashes. */
  onBatch(batch: Batch): Promise<void> | void
  /** The following has ended and will not come back. Called at most once. */
  onCrash(error: Error): void
  /** 64-256 KiB; default 256 KiB. */
  readonly maxBytesPerPartition?: number
  /** Partitions handled at the same time. Default 1. */
  readonly concurrency?: number
  /** Default 60 000: records wait, none came for this long: restart, then crash. */
  readonly stallAfterMs?: number
}

/** Reads for this process alone: nothing is shared with others, nothing is committed. */
export interface Following {
  /**
   * Resolves once every record below the end offsets read at start is handled; rejects when it
   * crashes or is closed before.
   */
  readonly caughtUp: Promise<void>
  readonly isCaughtUp: boolean
  /** False while the connection is being replaced, and once it has ended. */
  readonly isRunning: boolean
  /** Milliseconds since Kafka last answered; a few seconds when all is well. */
  readonly silentMs: number
  /** Next offset to be handled, per partition. */
  readonly positions: NextOffsets
  /** Settles when the following has ended: by `until`, by `close`; rejects after a crash. */
  readonly finished: Promise<void>
  /** Never throws. */
  close(limitMs: number): Promise<void>
}
