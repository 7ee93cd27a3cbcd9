import { describe, expect, test } from 'vitest'
import { readInstant, showAge, showInstant } from './instant.ts'

const nowMs = Date.UTC(2026, 10, 22, 8)
const past = { nowMs, unsigned: 'past' } as const
const future = { nowMs, unsigned: 'future' } as const

describe('an instant on the command line', () => {
  test.each([
    ['2h', past, nowMs - 7_200_000],
    ['2h', future, nowMs + 7_200_000],
    ['-30m', future, nowMs - 1_800_000],
    ['+1d', past, nowMs + 86_400_000],
    ['2026-11-22T09:00:00Z', past, nowMs + 3_600_000],
    ['2026-11-22T09:00:00+01:00', past, nowMs],
    ['2026-11-22', past, Date.UTC(2026, 10, 22)],
  ])('%s is read', (text, rules, ms) => {
    expect(readInstant(text, rules)).toBe(ms)
  })

  test.each(['soon', '2h30m', '2026-11-22T09:00:00', '2026-13-01', '1790000000000', ''])(
    '%j is refused: it is none, or means another one elsewhere',
    (text) => expect(readInstant(text, past)).toBeNull(),
  )

  test.each([
    [-5, '0s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [7_199_999, '1h'],
    [90 * 86_400_000, '90d'],
  ])('%i ms ago is shown as %s', (ms, age) => {
    expect(showAge(ms)).toBe(age)
  })

  test('is shown sortable and in one time zone', () => {
    expect(showInstant(nowMs + 120)).toBe('2026-11-22 08:00:00.120Z')
  })
})
