import { describe, expect, test } from 'vitest'
import { noSums } from '../simulation/sums.ts'
import { type Slice, type SliceAnswer, simulate } from './simulated.ts'

const next = { seeds: 1, liveness: 1, pairs: 1 }
const answer: SliceAnswer = {
  sums: { ...noSums, worlds: 10 },
  ...{ cpuSeconds: 1, findings: [{ seed: 7, rule: 'a rule' }], pairs: null },
}

/** Slices that end in turns: each worker is always in the middle of one when another ends. */
async function simulated(kinds: Parameters<typeof simulate>[0]['kinds'], pairs: number | null) {
  const slices: Slice[] = []
  const run = async (slice: Slice) => {
    slices.push(slice)
    for (let turns = 0; turns < slices.length; turns += 1) await null
    if (slices.length === 40) end.resolve()
    return { ...answer, pairs }
  }
  const end = Promise.withResolvers<void>()
  const clock = { isOver: false }
  void end.promise.then(() => {
    clock.isOver = true
  })
  const done = await simulate({ kinds, isOver: () => clock.isOver, next }, run)
  return { done, slices }
}

describe('slices of a simulation side by side', () => {
  test('add up to what they ran, and no slice runs twice', async () => {
    const { done, slices } = await simulated(['seeds', 'liveness'], null)
    expect(slices.length).toBeGreaterThanOrEqual(40)
    expect(done.sums.worlds).toBe(slices.length * 10)
    expect(done.findings).toHaveLength(slices.length)
    expect(new Set(slices.map(({ kind, from }) => `${kind} ${from}`)).size).toBe(slices.length)
  })

  test('leave pairs alone once all of them had their turn', async () => {
    const { done, slices } = await simulated(['seeds', 'pairs'], 20_000)
    const pairs = slices.filter(({ kind }) => kind === 'pairs').length
    expect(pairs).toBeLessThan(slices.length / 2)
    expect(done.pairs).toBe(20_000)
  })
})
