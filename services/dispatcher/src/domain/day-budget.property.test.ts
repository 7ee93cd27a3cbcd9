import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DayCount, roomAt, spentIn, withCalls } from './day-budget.ts'

const DAY_MS = 86_400_000
const steps = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 6 * 3_600_000 }),
    calls: fc.integer({ min: 1, max: 50 }),
  }),
  { minLength: 1, maxLength: 60 },
)

describe('the calls of a day', () => {
  test('are in no 24 hours more than the budget, and there is room again when it says', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 200 }), (tries, budget) => {
        let [count, nowMs]: [DayCount, number] = [new Map(), 1_800_000_000_000]
        const made: number[] = []
        for (const { afterMs, calls } of tries) {
          nowMs += afterMs
          for (let call = 0; call < calls; call += 1) {
            const at = roomAt(count, budget, nowMs)
            if (at !== null) {
              expect(at).toBeGreaterThan(nowMs)
              expect([roomAt(count, budget, at - 1) !== null, roomAt(count, budget, at)]).toEqual([
                ...[true, null],
              ])
              break
            }
            count = withCalls(count, nowMs, 1)
            made.push(nowMs)
          }
          const lastDay = made.filter((at) => at > nowMs - DAY_MS)
          expect(lastDay.length).toBeLessThanOrEqual(budget)
          expect(spentIn(count, nowMs)).toBeGreaterThanOrEqual(lastDay.length)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('are forgotten when they are a day old, so that a count stays small', () => {
    const full = withCalls(new Map(), 0, 7)
    expect(spentIn(full, DAY_MS)).toBe(7)
    expect(withCalls(full, DAY_MS + 15 * 60_000, 0).size).toBe(0)
  })
})
