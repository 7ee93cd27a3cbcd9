/**
 * Numerical Recipes' linear congruential generator: the same seed gives the same figures, so that
 * whoever reads the rounds again gets the same interval.
 * @returns the next figure of [0, 1)
 */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
