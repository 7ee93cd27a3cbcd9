import type { Random } from './random.ts'

/** How likely each fault is, chosen anew for each seed: each seed has weather of its own. */
export interface Climate {
  /** Of each call: it does not arrive · its answer is lost · it arrives when nobody waits. */
  readonly refused: number
  readonly lost: number
  readonly late: number
  /** Of each call: it takes long. */
  readonly slow: number
  /** Of each call of a dispatcher that decides or tells: its process stands still afterwards. */
  readonly stall: number
  /** Of an append: written twice · only in part. */
  readonly twice: number
  readonly part: number
  /** Of each step. */
  readonly crash: number
  readonly freeze: number
  readonly rebalance: number
  readonly stepDown: number
  readonly emptied: number
  readonly jump: number
  readonly standing: number
  readonly withdraw: number
  /** Of each call to the platform: nothing special. */
  readonly fair: number
  /** Of each message: its echo comes back. */
  readonly echo: number
}

export const CALM: Climate = {
  refused: 0,
  lost: 0,
  late: 0,
  slow: 0,
  stall: 0,
  twice: 0,
  part: 0,
  crash: 0,
  freeze: 0,
  rebalance: 0,
  stepDown: 0,
  emptied: 0,
  jump: 0,
  standing: 0,
  withdraw: 0,
  fair: 1,
  echo: 1,
}

/** Each fault is either absent or at one of three strengths, so that seeds differ in kind. */
export function climateOf(random: Random): Climate {
  const some = (most: number) => most * random.pick([0, 0, 0.25, 0.5, 1])
  return {
    refused: some(0.06),
    lost: some(0.06),
    late: some(0.03),
    slow: some(0.1),
    stall: some(0.06),
    twice: some(0.1),
    part: some(0.1),
    crash: some(0.02),
    freeze: some(0.015),
    rebalance: some(0.02),
    stepDown: some(0.01),
    emptied: some(0.004),
    jump: some(0.006),
    standing: some(0.01),
    withdraw: some(0.02),
    fair: random.pick([0.9, 0.6, 0.3, 0.1]),
    echo: random.pick([0, 0.5, 1]),
  }
}
