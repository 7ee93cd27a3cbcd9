import { setTimeout as sleep } from 'node:timers/promises'
import type { BusLog } from '../bus-log.ts'
import { errorName } from '../error-name.ts'
import { refusedByKafka } from '../refused-by-kafka.ts'
import { connectFirst } from './connect-first.ts'
import type { ConnectProducer, LiveProducer } from './live-producer.ts'

/** Wait before the next connection after one failed. */
const RECONNECT_MS = 250

export interface ProducerPoolOptions {
  readonly connect: ConnectProducer
  /** Producers kept connected while nobody uses them: the next replacement is there at once. */
  readonly spareMax: number
  readonly log: BusLog
}

/**
 * Lends producers, each to one borrower at a time. While Kafka is away only one connection is
 * tried at a time, whoever waits; nobody's partition is blamed for that.
 */
export class ProducerPool {
  readonly #options: ProducerPoolOptions
  readonly #spares: LiveProducer[] = []
  #trial: Promise<void> | undefined
  #isUnreachable = false
  #refusal: string | null = null
  #isClosed = false
  #replaced = 0

  constructor(options: ProducerPoolOptions) {
    this.#options = options
  }

  /** The last connection failed and none has succeeded since. */
  get isUnreachable(): boolean {
    return this.#isUnreachable
  }

  /** Why the last connection failed, where Kafka refused it; null where it was away. */
  get refusal(): string | null {
    return this.#refusal
  }

  get replacedTotal(): number {
    return this.#replaced
  }

  /** Waits for a producer; undefined once `givesUp` answers true or the pool is closed. */
  async borrow(givesUp: () => boolean): Promise<LiveProducer | undefined> {
    while (!this.#isClosed && !givesUp()) {
      const spare = this.#spares.pop()
      if (spare !== undefined) return spare
      if (this.#isUnreachable) {
        this.#trial ??= this.#try().finally(() => {
          this.#trial = undefined
        })
        await this.#trial
      } else {
        const producer = await this.#connect()
        if (producer !== undefined) return producer
      }
    }
    return undefined
  }

  giveBack(producer: LiveProducer): void {
    const isSpare = !this.#isClosed && this.#spares.length < this.#options.spareMax
    if (isSpare) this.#spares.push(producer)
    else void producer.close()
  }

  /** Its last send left something unsettled: it is never used again. */
  discard(producer: LiveProducer): void {
    this.#replaced += 1
    producer.abandon()
  }

  /** Connects a spare ahead of need. That it fails says nothing about the ones in use. */
  async prepare(): Promise<void> {
    if (this.#isClosed || this.#isUnreachable || this.#spares.length > 0) return
    const producer = await connectFirst(this.#options.connect).catch(() => undefined)
    if (producer !== undefined) this.giveBack(producer)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#spares.splice(0).map((producer) => producer.close()))
  }

  async #try(): Promise<void> {
    await sleep(RECONNECT_MS)
    const producer = await this.#connect()
    if (producer !== undefined) this.giveBack(producer)
  }

  async #connect(): Promise<LiveProducer | undefined> {
    try {
      const producer = await connectFirst(this.#options.connect)
      this.#isUnreachable = false
      this.#refusal = null
      return producer
    } catch (error) {
      const refused = refusedByKafka(error)?.sentence ?? null
      if (!this.#isUnreachable || refused !== this.#refusal) {
        const fields = { error: errorName(error), ...(refused === null ? {} : { refused }) }
        this.#options.log.warn(fields, 'kafka producer cannot connect')
      }
      this.#refusal = refused
      this.#isUnreachable = true
      return undefined
    }
  }
}
