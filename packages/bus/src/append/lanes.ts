import type { LiveProducer } from './live-producer.ts'
import { type PartitionKey, type Pending, partitionKey } from './pending.ts'
import type { ProducerPool } from './producer-pool.ts'
import { type SendOutcome, sendOnce } from './send-once.ts'
import { type SendCaps, takeCount } from './take-count.ts'

export interface LanesOptions {
  readonly pool: ProducerPool
  /** Most partitions tried at the same time. */
  readonly lanesMax: number
  readonly caps: SendCaps
  readonly sendLimitMs: number
  /** The trial settled its send; `rest` came meanwhile and was not sent. */
  onWritable(outcome: SendOutcome, rest: readonly Pending[]): void
  /** The trial failed; `rest` came meanwhile and was not sent. */
  onUnwritable(outcome: SendOutcome, rest: readonly Pending[]): void
}

/**
 * Tries partitions one by one, each alone in a send of its own with a producer of its own, beside
 * the funnel: a partition that fails costs only itself, however long kafkajs takes to give up.
 */
export class Lanes {
  readonly #options: LanesOptions
  readonly #waiting = new Map<PartitionKey, Pending[]>()
  readonly #order: PartitionKey[] = []
  readonly #running = new Set<Promise<void>>()

  constructor(options: LanesOptions) {
    this.#options = options
  }

  /** Whether the partition waits for its trial or is under it: its records belong here then. */
  has(key: PartitionKey): boolean {
    return this.#waiting.has(key)
  }

  get queued(): number {
    return this.#all().length
  }

  get queuedBytes(): number {
    return this.#all().reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get inFlight(): number {
    return this.#running.size
  }

  push(records: readonly Pending[]): void {
    for (const record of records) {
      const key = partitionKey(record)
      const known = this.#waiting.get(key)
      if (known === undefined) {
        this.#waiting.set(key, [record])
        this.#order.push(key)
      } else {
        known.push(record)
      }
    }
    this.#start()
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  #all(): readonly Pending[] {
    return [...this.#waiting.values()].flat()
  }

  #start(): void {
    while (this.#running.size < this.#options.lanesMax) {
      const key = this.#order.shift()
      if (key === undefined) return
      const lane = this.#try(key).finally(() => {
        this.#running.delete(lane)
        this.#start()
      })
      this.#running.add(lane)
    }
  }

  async #try(key: PartitionKey): Promise<void> {
    const { pool, sendLimitMs } = this.#options
    const producer = await pool.borrow(() => this.#open(key).length === 0)
    const records = this.#take(key)
    if (producer === undefined || records.length === 0) {
      if (producer !== undefined) pool.giveBack(producer)
      this.#waiting.delete(key)
      return
    }
    const outcome = await sendOnce(producer, records, sendLimitMs)
    const rest = this.#open(key)
    this.#waiting.delete(key)
    this.#end(producer, outcome, rest)
  }

  #end(producer: LiveProducer, outcome: SendOutcome, rest: readonly Pending[]): void {
    if (outcome.error === undefined) {
      this.#options.pool.giveBack(producer)
      this.#options.onWritable(outcome, rest)
    } else {
      this.#options.pool.discard(producer)
      this.#options.onUnwritable(outcome, rest)
    }
  }

  /** Of this partition, whose callers still wait. */
  #open(key: PartitionKey): readonly Pending[] {
    return (this.#waiting.get(key) ?? []).filter(({ call }) => !call.isOver)
  }

  #take(key: PartitionKey): readonly Pending[] {
    const open = [...this.#open(key)]
    const taken = open.splice(0, takeCount(open, this.#options.caps))
    this.#waiting.set(key, open)
    return taken
  }
}
