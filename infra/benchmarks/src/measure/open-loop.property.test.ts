import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arrivalTimes, openLoop, type Timing } from './open-loop.ts'

const arrivals = fc.record({
  perSecond: fc.integer({ min: 1, max: 5_000 }),
  count: fc.constant(2_000),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
})

test('people come in order, at the rate that was asked for, and again the same by the seed', () => {
  fc.assert(
    fc.property(arrivals, (wish) => {
      const times = arrivalTimes(wish)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      const perSecond = (wish.count * 1_000) / (times.at(-1) ?? 0)
      expect(perSecond / wish.perSecond).toBeGreaterThan(0.85)
      expect(perSecond / wish.perSecond).toBeLessThan(1.15)
      expect(arrivalTimes(wish)).toEqual(times)
    }),
    { numRuns: 30 },
  )
})

/** A clock that stands still unless somebody sleeps. */
function virtual(): Timing & { advance(ms: number): void } {
  let now = 0
  return {
    nowMs: () => now,
    sleepUntil: async (ms) => {
      now = Math.max(now, ms)
    },
    advance: (ms) => {
      now += ms
    },
  }
}

test('whoever would have come during a pause waits as long as it took', async () => {
  const time = virtual()
  const calls = async (index: number) => {
    // The process stands still for two seconds at the tenth call.
    if (index === 10) time.advance(2_000)
  }
  const wish = { perSecond: 100, count: 200, seed: 7 }
  const { aboveOneSecond, p99Us, p50Us } = await openLoop(wish, calls, time)
  // At 100 a second about a hundred people were due in its first second.
  expect(aboveOneSecond).toBeGreaterThan(60)
  expect(p99Us).toBeGreaterThan(1_900_000)
  expect(p50Us).toBeGreaterThan(100_000)
})

test('a call that fails fails the run', async () => {
  const broken = () => Promise.reject(new Error('answered 503'))
  const run = openLoop({ perSecond: 10, count: 1, seed: 1 }, broken, virtual())
  await expect(run).rejects.toThrow('503')
})
