/**
 * The ratio of two measurements that were taken in turn: the median of the logarithms of the ratios
 * of each round, with a 95 % bootstrap interval. Absolute figures of a shared machine drift; ratios
 * within one round hardly do.
 */
import { generator } from './random.ts'

export interface Ratio {
  readonly median: number
  /** 95 % of the resampled medians lie between. */
  readonly low: number
  readonly high: number
}

const RESAMPLES = 2_000

/**
 * @param rounds positive figures of one round each: the subject's and the baseline's
 * @throws RangeError where there is no round
 */
export function medianRatio(
  rounds: readonly { readonly subject: number; readonly baseline: number }[],
): Ratio {
  if (rounds.length === 0) throw new RangeError('no round was measured')
  const logs = rounds.map(({ subject, baseline }) => Math.log(subject / baseline))
  const draw = generator(rounds.length)
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(logs.map(() => logs[Math.floor(draw() * logs.length)] ?? 0)),
  ).toSorted((a, b) => a - b)
  const at = (share: number) => Math.exp(medians[Math.floor(share * (RESAMPLES - 1))] ?? 0)
  return { median: Math.exp(median(logs)), low: at(0.025), high: at(0.975) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0]
  return (low + high) / 2
}
