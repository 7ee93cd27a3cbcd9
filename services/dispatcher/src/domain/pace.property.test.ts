import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  leaveAt,
  type Pace,
  paceLeft,
  restedPace,
  SECOND_AT_PLATFORM_MS,
  turnAt,
  withCall,
  withTurn,
} from './pace.ts'

const perSecond = fc.integer({ min: 1, max: 400 })
const gapMs = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ max: 3_000 }))

/** Calls that come when they come, and leave as soon as they may. */
function leaving(gaps: readonly number[], rate: number): readonly number[] {
  let [pace, now]: [Pace, number] = [restedPace, 0]
  return gaps.map((gap) => {
    now = Math.max(now + Math.max(gap, 0), leaveAt(pace, rate))
    pace = withCall(pace, now)
    return now
  })
}

function mostWithin(instants: readonly number[], windowMs: number): number {
  const counts = instants.map((from) => {
    return instants.filter((at) => from <= at && at < from + windowMs).length
  })
  return Math.max(0, ...counts)
}

describe('the pace of a page', () => {
  test('is in no second above its ceiling, whenever calls come', () => {
    fc.assert(
      fc.property(perSecond, fc.array(gapMs, { maxLength: 600, size: 'max' }), (rate, gaps) => {
        expect(mostWithin(leaving(gaps, rate), SECOND_AT_PLATFORM_MS)).toBeLessThanOrEqual(rate)
      }),
      { numRuns: 60 },
    )
  })

  test('starves nobody: whoever waits leaves within a second of the platform', () => {
    fc.assert(
      fc.property(perSecond, fc.array(gapMs, { minLength: 1, maxLength: 300 }), (rate, gaps) => {
        const left = leaving(gaps, rate)
        const pace = left.reduce(withCall, restedPace)
        expect(leaveAt(pace, rate) - (left.at(-1) ?? 0)).toBeLessThanOrEqual(SECOND_AT_PLATFORM_MS)
      }),
    )
  })

  test('gives turns evenly, makes up for a tenth of a second and for no more', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 400, noNaN: true }), (rate) => {
        let pace = restedPace
        const turns = Array.from({ length: 700 }, () => {
          const at = Math.max(0, turnAt(pace))
          pace = withTurn(pace, at, rate)
          return at
        })
        const gap = SECOND_AT_PLATFORM_MS / rate
        expect(turns.filter((at) => at === 0).length).toBeLessThanOrEqual(Math.ceil(100 / gap) + 1)
        const last = turns.at(-1) ?? 0
        expect(Math.abs(last - (699 * gap - 100))).toBeLessThan(gap + 1)
      }),
    )
  })

  test('uses 98 of 100 slots of a full second, and all it is given', () => {
    const left = leaving(Array(3_000).fill(0), 300)
    const seconds = ((left.at(-1) ?? 0) - (left[0] ?? 0)) / 1_000
    expect(3_000 / seconds / 300).toBeGreaterThan(0.98)
  })

  test('is never more with more use of the limit, and never nothing', () => {
    const percent = fc.double({ min: 0, max: 1_000, noNaN: true })
    fc.assert(
      fc.property(percent, percent, (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        expect(paceLeft(more)).toBeLessThanOrEqual(paceLeft(less))
        expect(paceLeft(more)).toBeGreaterThan(0)
      }),
    )
    expect([0, 80, 90, 99, 100, 500].map(paceLeft)).toEqual([1, 1, 0.5, 0.05, 0.05, 0.05])
  })
})
