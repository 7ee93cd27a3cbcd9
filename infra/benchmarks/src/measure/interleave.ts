/**
 * Rounds of fixed work: subject, baseline and the baseline once more as control (A/A), in an order
 * that turns from round to round. What the control shows beside 1 is what the machine does.
 */
import { medianRatio, type Ratio } from './median-ratio.ts'

/** One thing that is measured; a round is the same number of units each time. */
export interface Contender {
  /** Does the work of one round. @returns CPU time for one unit, µs */
  round(): Promise<number>
}

export interface Contest {
  readonly subject: Contender
  readonly baseline: Contender
  readonly control: Contender
}

export interface Comparison {
  readonly ratio: Ratio
  /** Baseline to itself. */
  readonly control: Ratio
  readonly rounds: readonly Round[]
}

/** CPU time for one unit, µs. */
export interface Round {
  readonly subject: number
  readonly baseline: number
  readonly control: number
}

/** Rounds whose figures are dropped: caches fill, code is compiled. */
const WARM_UP_ROUNDS = 2

export async function interleave(contest: Contest, count: number): Promise<Comparison> {
  const rounds: Round[] = []
  for (let index = 0; index < WARM_UP_ROUNDS + count; index += 1) {
    const round = await playRound(contest, index)
    if (index >= WARM_UP_ROUNDS) rounds.push(round)
  }
  return {
    ratio: medianRatio(rounds),
    control: medianRatio(rounds.map(({ control, baseline }) => ({ subject: control, baseline }))),
    rounds,
  }
}

const NAMES = ['subject', 'baseline', 'control'] as const

async function playRound(contest: Contest, index: number): Promise<Round> {
  const turn = index % NAMES.length
  const order = [...NAMES.slice(turn), ...NAMES.slice(0, turn)]
  const round = { subject: 0, baseline: 0, control: 0 }
  for (const name of order) round[name] = await contest[name].round()
  return round
}
