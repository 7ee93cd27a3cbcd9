/**
 * What the rounds say to a question, and whether it may be said at all: the baseline was measured
 * twice in each round, and where these two differ by more than ± 5 % the machine was too restless.
 */
import { medianRatio, type Ratio } from './median-ratio.ts'
import type { Metric, Round } from './sample.ts'

export interface Question {
  /** What is put beside what, for people. */
  readonly name: string
  readonly metric: Metric
  readonly subject: string
  /** Contenders whose samples of the same round are added up. */
  readonly parts: readonly string[]
  /** `cost` is subject ÷ parts, at most; `speed` is parts ÷ subject, at least. */
  readonly form: 'cost' | 'speed'
  /** Null = it is told only. */
  readonly aim: number | null
}

/** A contender and the same thing once more, in a process of its own. */
export interface ControlPair {
  readonly of: string
  readonly twin: string
}

/** `open`: the interval holds the aim, so that either may be true. `void`: nothing is claimed. */
export type Word = 'reached' | 'missed' | 'open' | 'void' | 'told'

export interface Verdict {
  readonly ratio: Ratio
  readonly word: Word
}

/** How far the interval of the control may reach from 1, either way. */
const CONTROL_MAX = 1.05

/** @throws RangeError where there is no round, or a contender is in none */
export function controlOf(
  rounds: readonly Round[],
  { of, twin }: ControlPair,
  metric: Metric,
): Ratio {
  return medianRatio(
    rounds.map((round) => ({
      subject: figure(round, twin, metric),
      baseline: figure(round, of, metric),
    })),
  )
}

export function isVoid({ low, high }: Ratio): boolean {
  return low < 1 / CONTROL_MAX || high > CONTROL_MAX
}

/** @param control of the same metric in the same rounds. @throws RangeError as `controlOf` */
export function judge(question: Question, rounds: readonly Round[], control: Ratio): Verdict {
  const { metric, subject, parts, form } = question
  const ratio = medianRatio(
    rounds.map((round) => {
      const own = figure(round, subject, metric)
      const sum = parts.reduce((total, part) => total + figure(round, part, metric), 0)
      return form === 'cost' ? { subject: own, baseline: sum } : { subject: sum, baseline: own }
    }),
  )
  return { ratio, word: isVoid(control) ? 'void' : wordOf(question, ratio) }
}

function wordOf({ form, aim }: Question, { low, high }: Ratio): Word {
  if (aim === null) return 'told'
  const [best, worst] = form === 'cost' ? [low, high] : [1 / high, 1 / low]
  const limit = form === 'cost' ? aim : 1 / aim
  if (worst <= limit) return 'reached'
  return best > limit ? 'missed' : 'open'
}

function figure(round: Round, name: string, metric: Metric): number {
  const value = round[name]?.[metric]
  if (value === undefined) throw new RangeError(`${name} has no ${metric} in a round`)
  return value
}
