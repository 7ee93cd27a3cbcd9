import type { TopicAlias } from '@otn/contracts'

/** A partition that is refused at once because its last send failed. */
export interface RefusedPartition {
  readonly topic: TopicAlias
  readonly partition: number
  /** When the next record is let through to try it, milliseconds from now; 0 = now. */
  readonly retryInMs: number
}
