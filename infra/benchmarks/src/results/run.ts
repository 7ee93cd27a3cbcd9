/** One run of one benchmark as it is kept: all that was measured, and what was made of it. */
import { controlOf, judge, type Verdict } from '../measure/judge.ts'
import type { Ratio } from '../measure/median-ratio.ts'
import type { Round } from '../measure/sample.ts'
import type { Benchmark } from '../subjects/benchmark.ts'

export interface Answer extends Verdict {
  readonly question: Benchmark['questions'][number]
  readonly control: Ratio
}

export interface Run {
  readonly benchmark: string
  readonly sentence: string
  /** Null where the code was no commit. */
  readonly version: string | null
  /** False for a small form, which shows that a benchmark works and claims nothing. */
  readonly isFull: boolean
  /** ISO 8601. */
  readonly startedAt: string
  readonly machine: string
  readonly amounts: Readonly<Record<string, number>>
  readonly answers: readonly Answer[]
  readonly remarks: readonly string[]
  /** Per unit, µs. */
  readonly rounds: readonly Round[]
}

/** What the rounds say to each question, each with the control of its own metric. */
export function answersOf(
  { questions, control }: Pick<Benchmark, 'questions' | 'control'>,
  rounds: readonly Round[],
): readonly Answer[] {
  return questions.map((question) => {
    const ratio = controlOf(rounds, control, question.metric)
    return { question, control: ratio, ...judge(question, rounds, ratio) }
  })
}

/** `1.23 [1.20, 1.26]` */
export function told({ median, low, high }: Ratio): string {
  return `${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
}

/** `≤ 1.25`; empty where nothing is aimed at. */
export function aimed({ form, aim }: Answer['question']): string {
  if (aim === null) return ''
  return `${form === 'cost' ? '≤' : '≥'} ${aim}`
}
