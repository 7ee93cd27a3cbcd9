/**
 * Rounds of fixed work, every contender once in each. The order is mirrored from one round to the
 * next (ABBA) and begins with another one from pair to pair, so that a machine that gets slower
 * while it runs takes as much from each.
 */
import type { Contender, Round, Sample } from './sample.ts'

/** Rounds whose figures are dropped: caches fill, code is compiled. */
export const WARM_UP_ROUNDS = 2

/** @param onRound told of each round that counts, by its number */
export async function interleave(
  contenders: readonly Contender[],
  count: number,
  onRound: (done: number) => void = () => {},
): Promise<readonly Round[]> {
  const rounds: Round[] = []
  for (let index = 0; index < WARM_UP_ROUNDS + count; index += 1) {
    const round: Record<string, Sample> = {}
    for (const contender of orderOf(contenders, index)) {
      round[contender.name] = await contender.round()
    }
    if (index < WARM_UP_ROUNDS) continue
    rounds.push(round)
    onRound(rounds.length)
  }
  return rounds
}

/** Who comes when in a round. @param index of the round, from 0 */
export function orderOf<T>(all: readonly T[], index: number): readonly T[] {
  const turn = Math.floor(index / 2) % Math.max(1, all.length)
  const order = [...all.slice(turn), ...all.slice(0, turn)]
  return index % 2 === 0 ? order : order.toReversed()
}
