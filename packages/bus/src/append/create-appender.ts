import type { BusLog } from '../bus-log.ts'
import type { OutRecord, Position } from '../record.ts'
import type { TopicNames } from '../topic-names.ts'
import { atMost } from '../within.ts'
import { type Backlog, enqueue, type Prepared, prepare, refuseAppend } from './admit.ts'
import { AppendCall, type AppendFailure, errorOf } from './append-call.ts'
import type { Appender, AppenderOptions, AppenderState, AppendOptions } from './appender.ts'
import { Delivery } from './delivery.ts'
import type { ConnectProducer } from './live-producer.ts'
import { ProducerPool } from './producer-pool.ts'

const MIB = 1024 * 1024

/** One producer waits connected, for the moment in which another is thrown away. */
const SPARES = 1

export interface AppenderParts {
  readonly connect: ConnectProducer
  readonly names: TopicNames
  readonly log: BusLog
}

/** Makes an appender over producers; the first is connected when the first record comes. */
export function createAppender(options: AppenderOptions, parts: AppenderParts): Appender {
  return new FunnelAppender(options, parts)
}

class FunnelAppender implements Appender {
  readonly #names: TopicNames
  readonly #bounds: Backlog
  readonly #deadlineMs: number
  readonly #pool: ProducerPool
  readonly #delivery: Delivery
  readonly #open = new Set<AppendCall>()
  #isClosed = false
  #failedTotal = 0

  constructor(options: AppenderOptions, { connect, names, log }: AppenderParts) {
    this.#names = names
    this.#deadlineMs = options.deadlineMs ?? 3_000
    this.#bounds = {
      records: options.queueRecordsMax ?? 10_000,
      bytes: options.queueBytesMax ?? 32 * MIB,
      oldestMs: options.queueAgeMaxMs ?? 2_000,
    }
    this.#pool = new ProducerPool({ connect, spareMax: SPARES, log })
    this.#delivery = new Delivery({
      pool: this.#pool,
      log,
      sendLimitMs: options.sendLimitMs ?? 1_500,
      caps: {
        recordsMax: options.sendRecordsMax ?? 500,
        bytesMax: options.sendBytesMax ?? MIB / 2,
      },
    })
  }

  get state(): AppenderState {
    const nowMs = performance.now()
    const { records, bytes, oldestMs } = this.#backlog(nowMs)
    const { totals, refusals } = this.#delivery
    return {
      queued: records,
      queuedBytes: bytes,
      oldestMs,
      isReachable: !this.#pool.isUnreachable,
      refusedPartitions: refusals.list(nowMs),
      acknowledgedTotal: totals.acknowledged,
      resentTotal: totals.resent,
      failedTotal: this.#failedTotal + totals.failed,
      producersReplacedTotal: this.#pool.replacedTotal,
    }
  }

  async append(
    records: readonly OutRecord[],
    options: AppendOptions = {},
  ): Promise<readonly Position[]> {
    const prepared = prepare(records, this.#names)
    const nowMs = performance.now()
    const failure = this.#refuse(prepared, nowMs)
    if (failure !== undefined) {
      this.#failedTotal += records.length
      throw errorOf(
        failure,
        records.map(() => ({ outcome: 'not-sent' })),
      )
    }
    if (records.length === 0) return []
    return this.#deliver(prepared, nowMs, options.deadlineMs ?? this.#deadlineMs)
  }

  async close(limitMs: number): Promise<void> {
    this.#isClosed = true
    const fromMs = performance.now()
    await atMost(limitMs, this.#delivery.idle())
    for (const call of this.#open) call.expire(closed())
    this.#delivery.release()
    await atMost(Math.max(100, limitMs - (performance.now() - fromMs)), this.#pool.close())
  }

  #refuse(prepared: readonly Prepared[], nowMs: number): AppendFailure | undefined {
    if (this.#isClosed) return closed()
    const { refusals } = this.#delivery
    const backlog = this.#backlog(nowMs)
    return refuseAppend(prepared, { backlog, bounds: this.#bounds, refusals, nowMs })
  }

  #deliver(
    prepared: readonly Prepared[],
    nowMs: number,
    deadlineMs: number,
  ): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      const call = new AppendCall({
        count: prepared.length,
        untilMs: nowMs + deadlineMs,
        tooLate: () => this.#tooLate(deadlineMs),
        resolve: (positions) => end(() => resolve(positions)),
        reject: (error) => end(() => reject(error)),
      })
      const timer = setTimeout(() => call.expire(this.#tooLate(deadlineMs)), deadlineMs)
      const end = (answer: () => void) => {
        clearTimeout(timer)
        this.#open.delete(call)
        answer()
      }
      this.#open.add(call)
      this.#delivery.push(enqueue(prepared, call, nowMs), nowMs)
    })
  }

  #tooLate(deadlineMs: number): AppendFailure {
    const { isUnreachable, refusal } = this.#pool
    const away = refusal ?? `no broker could be reached within ${deadlineMs} ms`
    return {
      code: isUnreachable ? 'OTN_BUS_UNREACHABLE' : 'OTN_BUS_NOT_ACKNOWLEDGED',
      message: isUnreachable ? away : `not every record was acknowledged within ${deadlineMs} ms`,
      details: { deadlineMs },
    }
  }

  #backlog(nowMs: number): Backlog {
    const { records, bytes, oldestSinceMs } = this.#delivery.backlog
    return { records, bytes, oldestMs: oldestSinceMs === undefined ? 0 : nowMs - oldestSinceMs }
  }
}

function closed(): AppendFailure {
  return { code: 'OTN_BUS_CLOSED', message: 'the appender is closed' }
}
