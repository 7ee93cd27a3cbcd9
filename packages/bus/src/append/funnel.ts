import type { Pending } from './pending.ts'
import { type SendCaps, takeCount } from './take-count.ts'

export interface FunnelOptions {
  readonly caps: SendCaps
  /** Delivers one batch and settles or hands on every record of it. Never rejects. */
  deliver(records: readonly Pending[]): Promise<void>
}

/**
 * Group commit: one delivery at a time; what waits meanwhile goes together with the next. There is
 * no linger: a delivery begins in the turn of the event loop in which its first record came.
 */
export class Funnel {
  readonly #options: FunnelOptions
  #waiting: Pending[] = []
  #bytes = 0
  #inFlight = 0
  #running: Promise<void> | undefined

  constructor(options: FunnelOptions) {
    this.#options = options
  }

  get queued(): number {
    return this.#waiting.length
  }

  get queuedBytes(): number {
    return this.#bytes
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Since when the oldest waiting record waits; undefined when none does. */
  get oldestSinceMs(): number | undefined {
    this.#dropAnswered()
    return this.#waiting[0]?.sinceMs
  }

  push(records: readonly Pending[]): void {
    this.#waiting.push(...records)
    for (const { bytes } of records) this.#bytes += bytes
    this.#running ??= this.#run()
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Records of the same turn, of other callers too, travel together.
    await Promise.resolve()
    for (;;) {
      const records = this.#take()
      if (records.length === 0) break
      this.#inFlight = records.length
      await this.#options.deliver(records)
      this.#inFlight = 0
    }
    this.#running = undefined
  }

  #take(): readonly Pending[] {
    this.#dropAnswered()
    const taken = this.#waiting.splice(0, takeCount(this.#waiting, this.#options.caps))
    for (const { bytes } of taken) this.#bytes -= bytes
    return taken
  }

  /** Whose caller was answered already (its deadline passed) need not be sent any more. */
  #dropAnswered(): void {
    const first = this.#waiting.findIndex(({ call }) => !call.isOver)
    const count = first === -1 ? this.#waiting.length : first
    if (count === 0) return
    for (const { bytes } of this.#waiting.splice(0, count)) this.#bytes -= bytes
  }
}
