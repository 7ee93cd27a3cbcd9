import type { ReasonCode } from '@otn/contracts'
import type { Pause } from '../domain/decide-outcome.ts'

const FIRST_MS = 1_000
const MS_MAX = 60_000

export interface LaneStopOptions {
  readonly recheckMs: number
  readonly machineMs: () => number
}

/** Why a lane stands still and until when; the wait doubles with each stop in a row. */
export class LaneStop {
  readonly #options: LaneStopOptions
  #now: { readonly reason: ReasonCode; readonly until: number; readonly byEvent: boolean } | null =
    null
  #inARow = 0

  constructor(options: LaneStopOptions) {
    this.#options = options
  }

  /** @returns how long it lasts, ms */
  begin(reason: ReasonCode, { waitMs, untilPageEvent: byEvent }: Pause): number {
    const { machineMs, recheckMs } = this.#options
    const doubled = Math.min(FIRST_MS * 2 ** Math.min(this.#inARow, 10), MS_MAX)
    const lengthMs = waitMs ?? (byEvent ? recheckMs : doubled)
    // Calls that were under way together stop it together: that is one stop.
    if (!this.isActive) this.#inARow += 1
    const until = Math.max(machineMs() + lengthMs, this.#now?.until ?? 0)
    this.#now = { reason, until, byEvent }
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

  get isActive(): boolean {
    return this.#now !== null && this.#now.until > this.#options.machineMs()
  }

  get reason(): ReasonCode | null {
    return this.isActive ? (this.#now?.reason ?? null) : null
  }

  /** Ends by an event of the page, not by time alone. */
  get endsByEvent(): boolean {
    return this.#now?.byEvent ?? false
  }

  /** True after a stop until something was answered: one call goes first. */
  get isOnTrial(): boolean {
    return this.#inARow > 0
  }
}
