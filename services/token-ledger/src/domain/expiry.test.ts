import { DAY_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { expiresAt, grantedBefore, stateAt } from './expiry.ts'

const marginMs = DAY_MS
const grantedAt = Date.UTC(2023, 5, 1)
const year = { grantedAt, state: 'live' as const }

describe('expiry', () => {
  test('a token is live for 365 days less the margin, no longer [S0-05] [S0-25] [S1-26]', () => {
    const end = grantedAt + 364 * DAY_MS
    expect(expiresAt(grantedAt, { marginMs })).toBe(end)
    expect(stateAt(year, { nowMs: end - 1, marginMs })).toBe('live')
    expect(stateAt(year, { nowMs: end, marginMs })).toBe('expired')
  })

  test('a leap year is no longer than another: 365 days, never the same date [S0-05]', () => {
    const overLeapDay = { marginMs: 0 }
    expect(new Date(expiresAt(grantedAt, overLeapDay)).toISOString()).toBe(
      '2024-05-31T00:00:00.000Z',
    )
  })

  test.each(['reserved', 'in-doubt', 'redeemed', 'rejected', 'withdrawn'] as const)(
    'a token that is %s says so for ever',
    (state) => {
      const nowMs = grantedAt + 9_999 * DAY_MS
      expect(stateAt({ grantedAt, state }, { nowMs, marginMs })).toBe(state)
    },
  )

  test('an instant of expiry leads back to the instant of granting', () => {
    expect(grantedBefore(expiresAt(grantedAt, { marginMs }), { marginMs })).toBe(grantedAt)
  })
})
