import type { TopicAlias } from '@otn/contracts'
import type { InRecord } from '../record.ts'

/** Records of one partition, in order, as one fetch brought them; never empty. */
export interface Batch {
  readonly topic: TopicAlias
  readonly partition: number
  readonly records: readonly InRecord[]
  /** Offset after the last one known to the broker when this was fetched. */
  readonly highWatermark: bigint
  /**
   * Keeps the membership alive; to be called in every wait longer than a tenth of the session
   * time-out. Its error means the partition may be somebody else's: let it out.
   */
  heartbeat(): Promise<void>
  /** True once the partition was given away or moved, or a close gave up: nothing is committed. */
  isStale(): boolean
}

/**
 * `done`: every effect is durable, commit and go on. `seek`: nothing applied, read from there.
 * `retry`: what stands before `from` is done; this partition alone waits, then reads from there.
 */
export type BatchResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'seek'; readonly offset: bigint }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly from: bigint }
