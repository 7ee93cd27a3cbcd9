import { DAY_MS } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expiresAt } from './expiry.ts'
import { NOTICES, nextNotice, noticeBorders } from './notice.ts'

const marginMs = DAY_MS
/** The year of this token holds the 29th of February 2024. */
const grantedAt = Date.UTC(2023, 5, 1)
const end = expiresAt(grantedAt, { marginMs })
const token = { grantedAt, receivedAt: grantedAt, noticed: null }
const at = (nowMs: number) => ({ nowMs, marginMs })

describe('notice of a token that is going to expire', () => {
  test.each([
    [30, null],
    [7, 30],
    [1, 7],
    [0, 1],
  ])(
    'is due %d days before to the millisecond, leap year or not [S0-05] [S1-26]',
    (days, noticed) => {
      const border = end - days * DAY_MS
      expect(nextNotice({ ...token, noticed }, at(border - 1))).toBeNull()
      expect(nextNotice({ ...token, noticed }, at(border))).toBe(days)
    },
  )

  test('is given once each, in their order, however late somebody looks', () => {
    const late = at(end + 400 * DAY_MS)
    const told: number[] = []
    let noticed: number | null = null
    for (let turn = 0; turn < 9; turn += 1) {
      const next = nextNotice({ ...token, noticed }, late)
      if (next === null) break
      told.push(next)
      noticed = next
    }
    expect(told).toEqual([30, 7, 1, 0])
  })

  test('is only that it has expired, where the opt-in came after that [S1-26]', () => {
    const old = { ...token, receivedAt: end }
    expect(nextNotice(old, at(end))).toBe(0)
    expect(nextNotice({ ...old, noticed: 0 }, at(end + DAY_MS))).toBeNull()
    expect(nextNotice({ ...token, receivedAt: end - 1 }, at(end))).toBe(30)
  })

  test('is looked for exactly where it is due', () => {
    const noticed = fc.constantFrom(null, ...NOTICES)
    const days = fc.constantFrom(...NOTICES).map((notice) => end - notice * DAY_MS)
    const instants = fc.tuple(days, fc.integer({ min: -2, max: 2 })).map(([day, by]) => day + by)
    const owed = fc.property(noticed, instants, (known, nowMs) => {
      const isFound = noticeBorders(at(nowMs)).some(
        (border) => border.after === known && grantedAt < border.grantedBefore,
      )
      expect(isFound).toBe(nextNotice({ ...token, noticed: known }, at(nowMs)) !== null)
    })
    fc.assert(owed)
  })
})
