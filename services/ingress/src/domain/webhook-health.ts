/**
 * How posted webhooks are answered: figures of the last minutes, the current run without a 200,
 * and the recent errors. Bounded, and one step for each answer whatever came before. No clock.
 */
import { createRecentErrors, type RecentError } from './recent-errors.ts'
import { type AnswersSummary, createRollingAnswers } from './rolling-answers.ts'
import { type Cause, isOurs, type WebhookAnswer } from './webhook-answer.ts'

/** Webhooks that we owed a 200 and did not answer so, with none that we did in between. */
export interface FailingRun {
  readonly sinceMs: number
  readonly lastMs: number
  readonly failures: number
  /** Of the last one. */
  readonly cause: Cause
}

/** Webhooks that bore a signature of no secret of ours, with none that was verified in between. */
export interface UnverifiedRun {
  readonly sinceMs: number
  readonly lastMs: number
  readonly times: number
}

export interface HealthLimits {
  readonly windowMinutes: number
  readonly errorsPerCauseMax: number
}

export interface HealthReport extends AnswersSummary {
  readonly run: FailingRun | null
  readonly unverified: UnverifiedRun | null
  readonly last200AtMs: number | null
  readonly recentErrors: readonly RecentError[]
}

export interface WebhookHealth {
  note(answer: WebhookAnswer): void
  report(nowMs: number): HealthReport
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }

export function createWebhookHealth({
  windowMinutes,
  errorsPerCauseMax,
}: HealthLimits): WebhookHealth {
  const rolling = createRollingAnswers(windowMinutes)
  const errors = createRecentErrors(errorsPerCauseMax)
  const state: Pick<Mutable<HealthReport>, 'run' | 'unverified' | 'last200AtMs'> = {
    run: null,
    unverified: null,
    last200AtMs: null,
  }
  return {
    note: (answer) => {
      rolling.note(answer)
      const { cause, atMs } = answer
      state.run = nextRun(state.run, answer)
      state.unverified = nextUnverified(state.unverified, answer)
      if (cause === null) state.last200AtMs = atMs
      else errors.note({ ...answer, cause })
    },
    report: (nowMs) => ({ ...rolling.summary(nowMs), ...state, recentErrors: errors.list() }),
  }
}

/** Strangers neither begin, lengthen nor end a run. */
export function nextRun(run: FailingRun | null, answer: WebhookAnswer): FailingRun | null {
  const { cause, atMs } = answer
  if (!isOurs(answer)) return run
  if (cause === null) return null
  return {
    sinceMs: run?.sinceMs ?? atMs,
    lastMs: Math.max(run?.lastMs ?? atMs, atMs),
    failures: (run?.failures ?? 0) + 1,
    cause,
  }
}

function nextUnverified(
  run: UnverifiedRun | null,
  { cause, isSigned, atMs }: WebhookAnswer,
): UnverifiedRun | null {
  if (cause === null) return null
  if (cause !== 'signature' || !isSigned) return run
  const { sinceMs, lastMs, times } = run ?? { sinceMs: atMs, lastMs: atMs, times: 0 }
  return { sinceMs, lastMs: Math.max(lastMs, atMs), times: times + 1 }
}
