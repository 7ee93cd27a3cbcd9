import type { TopicAlias } from '@otn/contracts'
import { type PartitionKey, partitionKey } from './pending.ts'
import type { RefusedPartition } from './refused-partition.ts'

const FIRST_MS = 1_000
const LONGEST_MS = 30_000

interface Refusal {
  readonly topic: TopicAlias
  readonly partition: number
  readonly untilMs: number
  readonly waitMs: number
}

/**
 * Which partitions are refused, and until when: 1 s after the first failure, doubling to 30 s as
 * long as each trial fails. Times are monotonic milliseconds given by the caller.
 */
export class PartitionRefusals {
  readonly #refusals = new Map<PartitionKey, Refusal>()

  /** A trial failed: refuse for longer. @returns for how long, milliseconds. */
  refuse(where: Pick<Refusal, 'topic' | 'partition'>, nowMs: number): number {
    const before = this.#refusals.get(partitionKey(where))
    const waitMs = before === undefined ? FIRST_MS : Math.min(LONGEST_MS, before.waitMs * 2)
    const { topic, partition } = where
    this.#refusals.set(partitionKey(where), { topic, partition, untilMs: nowMs + waitMs, waitMs })
    return waitMs
  }

  /** A send succeeded: the next failure begins at 1 s again. */
  heal(key: PartitionKey): void {
    this.#refusals.delete(key)
  }

  /** `refused`: not now. `due`: the wait is over, one record may try. `open`: nothing is known. */
  standing(key: PartitionKey, nowMs: number): 'open' | 'refused' | 'due' {
    const refusal = this.#refusals.get(key)
    if (refusal === undefined) return 'open'
    return nowMs < refusal.untilMs ? 'refused' : 'due'
  }

  list(nowMs: number): readonly RefusedPartition[] {
    return [...this.#refusals.values()].map(({ topic, partition, untilMs }) => ({
      topic,
      partition,
      retryInMs: Math.max(0, Math.ceil(untilMs - nowMs)),
    }))
  }
}
