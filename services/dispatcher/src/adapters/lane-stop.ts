import type { ReasonCode } from '@otn/contracts'
import { AWAY_PAUSE_MS_MAX, pauseMs } from '../domain/back-off.ts'
import type { Pause } from '../domain/decide-outcome.ts'

export interface LaneStopOptions {
  readonly recheckMs: number
  /** Longest pause by our own back-off where the platform asks for fewer calls. */
  readonly throttleMsMax: number
  readonly machineMs: () => number
  /** Business clock. */
  readonly nowMs: () => number
  /** 0 to 1. */
  readonly random: () => number
}

/** Whoever was answered reached the platform through the log: that ends these at once. */
const ENDED_BY_ANSWER: ReadonlySet<ReasonCode> = new Set([
  ...(['not-reached', 'no-answers', 'log-unavailable'] as const),
])

interface Standing {
  readonly reason: ReasonCode
  /** Machine time and business time; what passes first ends it. */
  readonly until: number
  readonly untilAt: number
  readonly byEvent: boolean
}

/**
 * Why a lane stands still and until when: the circuit breaker of its page. The wait doubles with
 * each stop in a row. It ends by the machine clock, or by the business clock where that was moved
 * on: in demo mode the platform's time is virtual.
 */
export class LaneStop {
  readonly #options: LaneStopOptions
  #now: Standing | null = null
  #inARow = 0

  constructor(options: LaneStopOptions) {
    this.#options = options
  }

  /** @returns how long it lasts, ms */
  begin(reason: ReasonCode, { waitMs, untilPageEvent: byEvent }: Pause): number {
    const { machineMs, nowMs, recheckMs } = this.#options
    const lengthMs = waitMs ?? (byEvent ? recheckMs : this.#backOffMs(reason))
    // Calls that were under way together stop it together: that is one stop.
    if (!this.isActive) this.#inARow += 1
    const { until, untilAt } = this.#now ?? { until: 0, untilAt: 0 }
    this.#now = {
      ...{ reason, byEvent },
      until: Math.max(machineMs() + lengthMs, until),
      untilAt: Math.max(nowMs() + lengthMs, untilAt),
    }
    return lengthMs
  }

  /** Somebody acted: what only an event could end is over. One call goes first, to see. */
  reopen(): void {
    if (this.#now?.byEvent) this.#now = null
  }

  /** It stood still before this process began, and may yet: one call goes first. */
  tryFirst(): void {
    this.#inARow = Math.max(this.#inARow, 1)
  }

  end(): void {
    this.#now = null
    this.#inARow = 0
  }

  /** A call was answered. One that left before the platform asked for fewer says nothing of it. */
  answered(): void {
    if (this.reason === null || ENDED_BY_ANSWER.has(this.reason)) this.end()
  }

  get isActive(): boolean {
    const { machineMs, nowMs } = this.#options
    return this.#now !== null && this.#now.until > machineMs() && this.#now.untilAt > nowMs()
  }

  get reason(): ReasonCode | null {
    return this.isActive ? (this.#now?.reason ?? null) : null
  }

  /** How long it still lasts, machine time, ms; 0 where it does not. */
  get leftMs(): number {
    return this.isActive ? (this.#now?.until ?? 0) - this.#options.machineMs() : 0
  }

  /** Ends by an event of the page, not by time alone. */
  get endsByEvent(): boolean {
    return this.#now?.byEvent ?? false
  }

  /** True after a stop until something was answered: one call goes first. */
  get isOnTrial(): boolean {
    return this.#inARow > 0
  }

  /** A wait that nobody told doubles while the stop before it went unanswered. */
  #backOffMs(reason: ReasonCode): number {
    const { throttleMsMax, random } = this.#options
    const msMax = reason === 'rate-limited' ? throttleMsMax : AWAY_PAUSE_MS_MAX
    const inARow = this.isActive ? this.#inARow - 1 : this.#inARow
    return pauseMs(inARow, { msMax, draw: random() })
  }
}
