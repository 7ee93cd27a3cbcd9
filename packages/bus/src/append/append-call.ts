import { AppError, appError, type ErrorCode } from '@otn/kernel'
import type { Position } from '../record.ts'
import type { RecordOutcome } from './appender.ts'

const outcomesByError = new WeakMap<AppError, readonly RecordOutcome[]>()

/**
 * What became of each record of a failed append, in the order given; empty for any other error.
 * Kept beside the error, not in it: details are printed, and a list may be long.
 */
export function appendOutcomes(error: unknown): readonly RecordOutcome[] {
  return error instanceof AppError ? (outcomesByError.get(error) ?? []) : []
}

/** Why a record was not acknowledged. Each caller gets an error of its own made from it. */
export interface AppendFailure {
  readonly code: ErrorCode
  readonly message: string
  readonly cause?: unknown
  readonly details?: Readonly<Record<string, unknown>>
}

export interface AppendCallOptions {
  readonly count: number
  /** By `performance.now()`: a process that stood still sees it pass before its timer tells. */
  readonly untilMs: number
  /** Why, when the time is up. */
  tooLate(): AppendFailure
  resolve(positions: readonly Position[]): void
  reject(error: AppError): void
}

/** One caller's records: settled one by one, answered once, when all are settled or time is up. */
export class AppendCall {
  readonly #outcomes: RecordOutcome[]
  readonly #resolve: AppendCallOptions['resolve']
  readonly #reject: AppendCallOptions['reject']
  readonly #untilMs: number
  readonly #tooLate: AppendCallOptions['tooLate']
  #open: number
  #failure: AppendFailure | undefined
  #isOver = false

  constructor({ count, resolve, reject, untilMs, tooLate }: AppendCallOptions) {
    this.#untilMs = untilMs
    this.#tooLate = tooLate
    this.#outcomes = Array.from({ length: count }, () => ({ outcome: 'not-sent' }))
    this.#open = count
    this.#resolve = resolve
    this.#reject = reject
  }

  /** The caller has its answer, or its time is up: what was not sent yet is never sent. */
  get isOver(): boolean {
    if (!this.#isOver && performance.now() >= this.#untilMs) this.expire(this.#tooLate())
    return this.#isOver
  }

  /** From now on the record may be in the log. */
  sending(index: number): void {
    this.#outcomes[index] = { outcome: 'unknown' }
  }

  acknowledged(index: number, position: Position): void {
    this.#outcomes[index] = { outcome: 'acknowledged', position }
    this.#settleOne()
  }

  failed(failure: AppendFailure): void {
    this.#failure ??= failure
    this.#settleOne()
  }

  /** Answers now with what is known. */
  expire(failure: AppendFailure): void {
    this.#failure ??= failure
    this.#answer()
  }

  #settleOne(): void {
    this.#open -= 1
    if (this.#open === 0) this.#answer()
  }

  #answer(): void {
    if (this.#isOver) return
    this.#isOver = true
    if (this.#failure !== undefined) {
      this.#reject(errorOf(this.#failure, this.#outcomes))
      return
    }
    this.#resolve(this.#outcomes.flatMap((it) => ('position' in it ? [it.position] : [])))
  }
}

/** The error of a failed append, with what became of each record. */
export function errorOf(failure: AppendFailure, outcomes: readonly RecordOutcome[]): AppError {
  const counts = { acknowledged: 0, 'not-sent': 0, unknown: 0 }
  for (const { outcome } of outcomes) counts[outcome] += 1
  const { code, message, cause, details } = failure
  const error = appError(code, {
    message,
    details: { ...details, ...counts },
    ...(cause !== undefined && { cause }),
  })
  outcomesByError.set(error, [...outcomes])
  return error
}
