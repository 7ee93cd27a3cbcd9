import { DAY_MS } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expiresAt, stateAt, TOKEN_STATES } from './expiry.ts'
import type { FoldedState } from './token.ts'
import { liveFrom, type StateQuestion, stateFilter } from './token-filter.ts'

const YEAR = 365 * DAY_MS
const folded = fc.constantFrom<FoldedState[]>(
  'live',
  'reserved',
  'in-doubt',
  'redeemed',
  'rejected',
  'withdrawn',
)
const nowMs = YEAR * 3
const token = fc.record({
  state: folded,
  // Around the instant that parts live from expired, to the millisecond.
  grantedAt: fc.integer({ min: -3, max: 3 }).map((off) => nowMs - YEAR + DAY_MS + off),
})
const calendar = { nowMs, marginMs: DAY_MS }
const question = fc.record({
  state: fc.option(fc.constantFrom(...TOKEN_STATES), { nil: undefined }),
  expiresBefore: fc.option(
    fc.integer({ min: -3, max: 3 }).map((off) => nowMs + off),
    {
      nil: undefined,
    },
  ),
})

/** What the store does with a filter. */
function matches(asked: StateQuestion, one: { state: FoldedState; grantedAt: number }): boolean {
  const { state, grantedFrom, grantedBefore } = stateFilter(asked, calendar)
  return (
    (state === undefined || one.state === state) &&
    (grantedFrom === undefined || one.grantedAt >= grantedFrom) &&
    (grantedBefore === undefined || one.grantedAt < grantedBefore)
  )
}

describe('a question by state and expiry', () => {
  test('finds exactly the tokens that show this state and expire in time [S0-05] [S1-26]', () => {
    fc.assert(
      fc.property(question, token, (asked, one) => {
        const { state, expiresBefore } = asked
        const wanted =
          (state === undefined || stateAt(one, calendar) === state) &&
          (expiresBefore === undefined || expiresAt(one.grantedAt, calendar) < expiresBefore)
        expect(matches(asked, one)).toBe(wanted)
      }),
      { numRuns: 3_000 },
    )
  })

  test('that asks for nothing filters by nothing', () => {
    expect(stateFilter({}, calendar)).toStrictEqual({})
  })

  test('counts as live from the first instant whose tokens have not expired', () => {
    const at = (grantedAt: number) => stateAt({ state: 'live', grantedAt }, calendar)
    expect([at(liveFrom(calendar) - 1), at(liveFrom(calendar))]).toEqual(['expired', 'live'])
  })
})
