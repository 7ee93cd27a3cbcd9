import type { BusLog } from '../bus-log.ts'
import { errorName } from '../error-name.ts'
import { refusedByKafka } from '../refused-by-kafka.ts'
import { partitionRefused, tooLarge } from './admit.ts'
import { Funnel } from './funnel.ts'
import { Lanes } from './lanes.ts'
import type { LiveProducer } from './live-producer.ts'
import { PartitionRefusals } from './partition-refusals.ts'
import { type PartitionKey, type Pending, partitionKey } from './pending.ts'
import type { ProducerPool } from './producer-pool.ts'
import { type SendOutcome, sendOnce } from './send-once.ts'
import type { SendCaps } from './take-count.ts'

/** Partitions tried at the same time after a failed send, each with a producer of its own. */
const TRIALS_MAX = 12
/** Refused partitions tried at the same time. Apart, so that they never hold up a first trial. */
const PROBES_MAX = 4
/** Answers that speak of what was sent and not of the partition. */
const ABOUT_SIZE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])

export interface DeliveryOptions {
  readonly pool: ProducerPool
  readonly caps: SendCaps
  readonly sendLimitMs: number
  readonly log: BusLog
}

/**
 * Carries records to Kafka. All go through the funnel, one send at a time. What a send does not
 * settle is sent once more, one partition per send, beside the funnel; only a partition that fails
 * again rejects its callers, and is refused for a while. Records of a partition under trial wait
 * for its outcome, so that the funnel never carries what may fail.
 */
export class Delivery {
  readonly refusals = new PartitionRefusals()
  readonly totals = { acknowledged: 0, resent: 0, failed: 0 }
  readonly #options: DeliveryOptions
  readonly #funnel: Funnel
  readonly #trials: Lanes
  readonly #probes: Lanes
  readonly #singles: Lanes
  #producer: LiveProducer | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
    const { caps } = options
    this.#funnel = new Funnel({ caps, deliver: (records) => this.#deliver(records) })
    this.#trials = this.#lanes(TRIALS_MAX, caps)
    this.#probes = this.#lanes(PROBES_MAX, caps)
    this.#singles = this.#lanes(PROBES_MAX, { ...caps, recordsMax: 1 })
  }

  /** Age is the funnel's alone: a partition under trial must not make all others be refused. */
  get backlog(): { records: number; bytes: number; oldestSinceMs: number | undefined } {
    const parts = this.#parts()
    return {
      records: parts.reduce((sum, { queued }) => sum + queued, 0),
      bytes: parts.reduce((sum, { queuedBytes }) => sum + queuedBytes, 0),
      oldestSinceMs: this.#funnel.oldestSinceMs,
    }
  }

  push(records: readonly Pending[], nowMs: number): void {
    const plain: Pending[] = []
    for (const record of records) {
      const lanes = this.#lanesOf(partitionKey(record), nowMs)
      if (lanes === undefined) plain.push(record)
      else lanes.push([record])
    }
    if (plain.length > 0) this.#funnel.push(plain)
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    const parts = this.#parts()
    do {
      for (const part of parts) await part.idle()
    } while (parts.some(({ queued, inFlight }) => queued + inFlight > 0))
  }

  /** Returns the funnel's producer; nothing may be pushed any more. */
  release(): void {
    if (this.#producer !== undefined) this.#options.pool.giveBack(this.#producer)
    this.#producer = undefined
  }

  #parts(): readonly (Funnel | Lanes)[] {
    return [this.#funnel, this.#trials, this.#probes, this.#singles]
  }

  #lanesOf(key: PartitionKey, nowMs: number): Lanes | undefined {
    const busy = [this.#trials, this.#probes, this.#singles].find((lanes) => lanes.has(key))
    if (busy !== undefined) return busy
    return this.refusals.standing(key, nowMs) === 'due' ? this.#probes : undefined
  }

  #lanes(lanesMax: number, caps: SendCaps): Lanes {
    const { pool, sendLimitMs } = this.#options
    return new Lanes({
      ...{ pool, lanesMax, caps, sendLimitMs },
      onWritable: (outcome, rest) => this.#writable(outcome, rest),
      onUnwritable: (outcome, rest) => this.#unwritable(outcome, rest),
    })
  }

  async #deliver(records: readonly Pending[]): Promise<void> {
    const stillWanted = () => records.filter(({ call }) => !call.isOver)
    const producer = await this.#borrow(() => stillWanted().length === 0)
    const wanted = this.#divert(stillWanted())
    if (producer === undefined || wanted.length === 0) return
    const outcome = await sendOnce(producer, wanted, this.#options.sendLimitMs)
    this.#acknowledge(outcome)
    if (outcome.error === undefined) return
    this.#options.pool.discard(producer)
    this.#producer = undefined
    this.#tell('append send not settled', outcome)
    this.totals.resent += outcome.unsettled.length
    this.#trials.push(outcome.unsettled)
  }

  async #borrow(givesUp: () => boolean): Promise<LiveProducer | undefined> {
    if (this.#producer !== undefined) return this.#producer
    this.#producer = await this.#options.pool.borrow(givesUp)
    void this.#options.pool.prepare()
    return this.#producer
  }

  /** Partitions may have failed while their records waited here: those do not go along. */
  #divert(records: readonly Pending[]): readonly Pending[] {
    const nowMs = performance.now()
    return records.filter((record) => {
      const key = partitionKey(record)
      const lanes = this.#lanesOf(key, nowMs)
      if (lanes !== undefined) {
        lanes.push([record])
        return false
      }
      const isRefused = this.refusals.standing(key, nowMs) === 'refused'
      if (isRefused) this.#fail([record], partitionRefused)
      return !isRefused
    })
  }

  #writable(outcome: SendOutcome, rest: readonly Pending[]): void {
    this.#acknowledge(outcome)
    const first = outcome.acknowledged[0]?.record
    if (first !== undefined) this.refusals.heal(partitionKey(first))
    if (rest.length > 0) this.#funnel.push(rest)
  }

  #unwritable(outcome: SendOutcome, rest: readonly Pending[]): void {
    const [first, ...others] = outcome.unsettled
    if (first === undefined) return
    if (ABOUT_SIZE.has(errorName(outcome.error))) {
      if (others.length > 0) this.#singles.push(outcome.unsettled)
      else this.#fail([first], tooLarge)
      if (rest.length > 0) this.#funnel.push(rest)
      return
    }
    const refusedMs = this.refusals.refuse(first, performance.now())
    this.#tell('partition refused', outcome, refusedMs)
    this.#fail(outcome.unsettled, ({ topic, partition }) => ({
      code: 'OTN_BUS_NOT_ACKNOWLEDGED' as const,
      message:
        refusalOf(outcome) ??
        `${topic} partition ${partition} did not acknowledge (${errorName(outcome.error)})`,
      cause: outcome.error,
      details: { topic, partition, error: errorName(outcome.error) },
    }))
    this.#fail(rest, partitionRefused)
  }

  #acknowledge({ acknowledged }: SendOutcome): void {
    this.totals.acknowledged += acknowledged.length
    for (const { record, offset } of acknowledged) {
      const { call, index, topic, partition } = record
      call.acknowledged(index, { topic, partition, offset })
    }
  }

  #fail(records: readonly Pending[], why: (record: Pending) => ReturnType<typeof tooLarge>): void {
    this.totals.failed += records.length
    for (const record of records) record.call.failed(why(record))
  }

  #tell(message: string, outcome: SendOutcome, refusedMs?: number): void {
    const { unsettled, error } = outcome
    const refused = refusalOf(outcome)
    const partitions = new Set(unsettled.map(partitionKey))
    const fields = { records: unsettled.length, partitions: [...partitions].join(' '), refusedMs }
    const why = { error: errorName(error), ...(refused === null ? {} : { refused }) }
    this.#options.log.warn({ ...fields, ...why }, message)
  }
}

/** What our user may not do, where that is why nothing was settled. */
function refusalOf({ unsettled, error }: SendOutcome): string | null {
  const topics = [...new Set(unsettled.map(({ topicName }) => topicName))]
  return refusedByKafka(error, { topics, does: 'write' })?.sentence ?? null
}
