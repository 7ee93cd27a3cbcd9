import type { TopicAlias } from '@otn/contracts'
import type { PartitionProgress } from './subscription.ts'

/** A partition of a Kafka topic. */
export interface TopicPartition {
  readonly topic: TopicAlias
  readonly partition: number
}

interface Progress extends TopicPartition {
  next: bigint | null
  end: bigint | null
  activeMs: number
  isPaused: boolean
  /** Since when records are known to wait without anything being handled. */
  waitingSinceMs: number | undefined
}

/**
 * How far each assigned partition is, and which stand still. No error from kafkajs does not mean
 * progress (tulios/kafkajs#659, #1072, #1140), so progress itself is watched. Times are monotonic
 * milliseconds given by the caller.
 */
export class ProgressTable {
  #partitions = new Map<string, Progress>()

  #heardMs = 0

  /** The group's coordinator answered. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs
  }

  /** Milliseconds since the group's coordinator answered. */
  silentMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#heardMs)
  }

  /** Replaces the assignment. What is kept keeps nothing: its position may have moved. */
  assign(partitions: readonly TopicPartition[], nowMs: number): void {
    this.#partitions = new Map(
      partitions.map(({ topic, partition }) => [
        keyOf({ topic, partition }),
        {
          ...{ topic, partition, next: null, end: null, activeMs: nowMs },
          ...{ isPaused: false, waitingSinceMs: undefined },
        },
      ]),
    )
  }

  /** Something of the partition is being handled. */
  active(where: TopicPartition, nowMs: number): void {
    this.#change(where, { activeMs: nowMs, waitingSinceMs: undefined })
  }

  /** The next offset to be handled is known. */
  moved(where: TopicPartition, next: bigint, nowMs: number): void {
    this.#change(where, { next, activeMs: nowMs, waitingSinceMs: undefined })
  }

  /** Where it stands was found out; nothing was handled. */
  found(where: TopicPartition, next: bigint): void {
    if (this.#partitions.get(keyOf(where))?.next === null) this.#change(where, { next })
  }

  paused(where: TopicPartition, isPaused: boolean): void {
    this.#change(where, { isPaused, waitingSinceMs: undefined })
  }

  /** Partitions whose position nothing has told yet. */
  unknown(): readonly TopicPartition[] {
    return [...this.#partitions.values()].filter(({ next }) => next === null)
  }

  /** The log ends here now. */
  sawEnd(where: TopicPartition, end: bigint, nowMs: number): void {
    const progress = this.#partitions.get(keyOf(where))
    if (progress === undefined) return
    progress.end = end
    const waits = progress.next !== null && progress.next < end && !progress.isPaused
    progress.waitingSinceMs = waits ? (progress.waitingSinceMs ?? nowMs) : undefined
  }

  /** Partitions in which records wait and nothing was handled for longer than `afterMs`. */
  stalled(nowMs: number, afterMs: number): readonly TopicPartition[] {
    return [...this.#partitions.values()]
      .filter(({ waitingSinceMs }) => waitingSinceMs !== undefined)
      .filter(({ waitingSinceMs }) => nowMs - (waitingSinceMs ?? nowMs) > afterMs)
      .map(({ topic, partition }) => ({ topic, partition }))
  }

  list(nowMs: number): readonly PartitionProgress[] {
    return [...this.#partitions.values()].map(
      ({ topic, partition, next, end, activeMs, isPaused }) => ({
        ...{ topic, partition, next, end },
        idleMs: Math.max(0, nowMs - activeMs),
        paused: isPaused,
      }),
    )
  }

  #change(where: TopicPartition, change: Partial<Progress>): void {
    const progress = this.#partitions.get(keyOf(where))
    if (progress !== undefined) Object.assign(progress, change)
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
