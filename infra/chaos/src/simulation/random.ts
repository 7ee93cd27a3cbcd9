/** Seeded randomness (mulberry32): the same seed gives the same numbers for ever, everywhere. */
export class Random {
  #state: number

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    this.#state = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) ^ 0x5bd1e995
    this.#next()
    this.#next()
  }

  chance(probability: number): boolean {
    return probability > 0 && this.#next() < probability * 0x1_0000_0000
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * limit)
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0]
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** As wide as in MongoDB. */
const FIRST_REVISION_LIMIT = 2 ** 48

/** Where the revisions of new documents begin. */
export function revisionsOf(random: Random): () => number {
  return () => 1 + random.below(FIRST_REVISION_LIMIT)
}
