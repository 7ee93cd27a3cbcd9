/**
 * The gate against getting slower: a small form of a benchmark, put beside the figure that was
 * recorded for the same small form. It reports, and fails only where the figure is worse by more
 * than the machine's own restlessness could explain.
 */
import type { Answer } from './run.ts'

/** `unrecorded` and `void` say nothing of the code. */
export type GateWord = 'within' | 'worse' | 'void' | 'unrecorded'

/** A figure may get worse by a tenth before anybody looks. */
const TOLERANCE = 1.1

/** @param recorded the median of the same question; undefined where none is */
export function gateWord({ question, ratio, control, word }: Answer, recorded?: number): GateWord {
  if (recorded === undefined) return 'unrecorded'
  if (word === 'void') return 'void'
  const isCost = question.form === 'cost'
  // The least that ours can have cost, had the machine favoured the baseline all the time.
  const best = isCost ? ratio.low / control.high : ratio.high * control.high
  const limit = isCost ? recorded * TOLERANCE : recorded / TOLERANCE
  return (isCost ? best > limit : best < limit) ? 'worse' : 'within'
}
