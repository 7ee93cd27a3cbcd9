import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interleave, orderOf, WARM_UP_ROUNDS } from './interleave.ts'

test('over each pair of rounds every contender stands equally early', () => {
  const sizes = fc.integer({ min: 1, max: 7 })
  fc.assert(
    fc.property(sizes, fc.nat(30), (size, pair) => {
      const all = Array.from({ length: size }, (_, at) => at)
      const places = [2 * pair, 2 * pair + 1].map((index) => orderOf(all, index))
      for (const one of all) {
        const sum = places.reduce((total, order) => total + order.indexOf(one), 0)
        expect(sum).toBe(size - 1)
      }
    }),
  )
})

test('a load that grows with every turn takes as much from subject as from baseline', async () => {
  let load = 0
  const contender = (name: string) => ({
    name,
    round: async () => {
      load += 1
      return { cpuUs: load, wallUs: load }
    },
  })
  const rounds = await interleave([contender('subject'), contender('baseline')], 20)
  const sumOf = (name: string) => rounds.reduce((sum, round) => sum + (round[name]?.cpuUs ?? 0), 0)
  expect(sumOf('subject')).toBe(sumOf('baseline'))
})

test('the first rounds do not count, and each contender is in every round that does', async () => {
  const seen: number[] = []
  let turns = 0
  const round = async () => {
    turns += 1
    return { cpuUs: turns, wallUs: 1 }
  }
  const rounds = await interleave([{ name: 'a', round }], 3, (done) => seen.push(done))
  expect(rounds.map(({ a }) => a?.cpuUs)).toEqual([1, 2, 3].map((at) => at + WARM_UP_ROUNDS))
  expect(seen).toEqual([1, 2, 3])
})
