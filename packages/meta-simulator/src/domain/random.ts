/** A repeatable stream of numbers: equal seeds give equal streams on every machine. */
export interface RandomSource {
  /** The next number of the stream, from 0 to 2^32 - 1. */
  next(): number
}

/**
 * The stream of a seed. Not for secrets: whoever knows the seed knows the stream.
 *
 * @see sfc32 of PractRand, whose shortest cycle is far beyond any run of a simulator
 */
export function seededRandom(seed: string): RandomSource {
  let [a, b, c] = [fingerprint(seed, 1), fingerprint(seed, 2), fingerprint(seed, 3)]
  let counter = 1
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  // The first outputs still resemble the seed; PractRand discards as many.
  for (let round = 0; round < 15; round += 1) next()
  return { next }
}

/** FNV-1a over UTF-16 units, salted, so that three words come from one seed. */
function fingerprint(seed: string, salt: number): number {
  let hash = Math.imul(0x811c9dc5 ^ salt, 0x01000193)
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193)
  }
  return hash | 0
}

/** One number of a seed by its name, from 0 (included) to 1 (excluded). */
export function namedDraw(seed: string, name: string): number {
  return seededRandom(`${name}\n${seed}`).next() / 0x1_0000_0000
}
