/** What was done to connect a page, step by step: each with one sentence and what to do next. */
import type { SetUpFault, SetUpResult } from '@otn/graph-api'

export const STEP_OUTCOMES = ['done', 'failed', 'not-reached'] as const

export interface Step {
  readonly step: string
  readonly outcome: (typeof STEP_OUTCOMES)[number]
  /** What was done, or what hinders it. */
  readonly sentence: string
  /** Null where nothing is to be done. */
  readonly next: string | null
}

export interface Failure {
  readonly sentence: string
  readonly next: string
}

export interface Checklist<Name extends string> {
  done(step: Name, sentence: string): void
  /** @returns null, for whoever asks may not go on */
  failed(step: Name, failure: Failure): null
  /** Notes what a call came to. @returns its value in a list; null where it was refused */
  ask<T>(
    step: Name,
    call: Promise<SetUpResult<T>>,
    done: (value: T) => string,
  ): Promise<readonly [T] | null>
  /** All steps; those after a failure are not reached. */
  report(): { readonly isGreen: boolean; readonly steps: readonly Step[] }
}

export function createChecklist<Name extends string>(names: readonly Name[]): Checklist<Name> {
  const noted = new Map<Name, Step>()
  const done = (step: Name, sentence: string) => {
    noted.set(step, { step, outcome: 'done', sentence, next: null })
  }
  const failed = (step: Name, { sentence, next }: Failure) => {
    noted.set(step, { step, outcome: 'failed', sentence, next })
    return null
  }
  return {
    done,
    failed,
    ask: async (step, call, sentence) => {
      const answer = await call
      if (answer.kind === 'refused') return failed(step, failureOf(answer.fault))
      done(step, sentence(answer.value))
      return [answer.value]
    },
    report: () => {
      const steps = names.map((step) => noted.get(step) ?? notReached(step))
      return { isGreen: steps.every(({ outcome }) => outcome === 'done'), steps }
    },
  }
}

/** A refusal of the platform in our words; its own, redacted, stand behind them. */
function failureOf({ meaning, detail, next }: SetUpFault): Failure {
  return { sentence: detail === null ? `${meaning}.` : `${meaning} (${detail}).`, next }
}

function notReached(step: string): Step {
  return { step, outcome: 'not-reached', sentence: 'An earlier step failed.', next: null }
}
