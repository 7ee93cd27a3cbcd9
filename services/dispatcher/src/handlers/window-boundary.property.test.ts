/** The 24-hour window and the life of a token are lengths of time, in every zone and leap year. */
import { DAY_MS, pageScopedUserId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { command, NOTIFYING, notify, PERSON, THREADS } from '../../test/support/command-facts.ts'
import { offsets, proposed } from '../../test/support/memory-ports.ts'
import { chooseForNotify } from './choose-for-notify.ts'

const DATES = [
  ...['2024-02-28T12:00Z', '2024-02-29T00:00Z', '2100-02-28T23:59:59.999Z', '2000-02-29T12:00Z'],
  // Around midnight of a year, and the nights on which clocks are set.
  ...['2026-12-31T23:59:59.999Z', '2026-03-29T00:59Z', '2026-10-25T00:59Z', '2026-11-01T05:59Z'],
] as const
const actedAt = fc
  .tuple(fc.constantFrom(...DATES), fc.integer({ min: -DAY_MS, max: DAY_MS }))
  .map(([date, ms]) => Date.parse(date) + ms)

function choose(route: 'WINDOW' | 'AUTO', openUntil: number, nowMs: number, expiresAt = Infinity) {
  const answer = {
    ...{ asOf: offsets(0n), person: PERSON, windowOpenUntil: openUntil },
    tokens: [proposed({ expiresAt, grantedAt: nowMs })],
  }
  const clock = { nowMs: () => nowMs }
  const asked = notify({ route, psid: pageScopedUserId('2000') })
  const page = { standing: 'active', isWarned: false } as const
  const known = { document: { command: command({ route }) }, notify: asked, answer, page }
  const threads = { settings: THREADS }
  return chooseForNotify({ notifying: NOTIFYING, clock, threads }, known)
}

describe('[S1-38] the window', () => {
  test('closes to the millisecond: until then a message goes, from then on it is refused', () => {
    fc.assert(
      fc.property(actedAt, fc.integer({ min: 1, max: DAY_MS }), (at, awayMs) => {
        const until = at + DAY_MS
        for (const now of [until - 1, until - awayMs]) {
          expect(choose('WINDOW', until, now)).toMatchObject({ kind: 'spend', tokens: [null] })
        }
        for (const now of [until, until + awayMs]) {
          const refusal = { kind: 'refuse', reason: 'window-closed' }
          expect(choose('WINDOW', until, now)).toMatchObject(refusal)
        }
      }),
    )
  })

  test('is the way of AUTO to its last millisecond, and a token from then on', () => {
    fc.assert(
      fc.property(actedAt, (at) => {
        const until = at + DAY_MS
        const [inside, outside] = [choose('AUTO', until, until - 1), choose('AUTO', until, until)]
        expect([inside.route, outside.route]).toEqual(['WINDOW', 'TOKEN'])
      }),
    )
  })

  test('leaves a token its life to the millisecond', () => {
    fc.assert(
      fc.property(actedAt, (at) => {
        const [before, after] = [-1, 0].map((ms) => choose('AUTO', 0, at + ms, at))
        expect(before?.kind).toBe('spend')
        expect(after).toMatchObject({ kind: 'refuse', reason: 'token-expired' })
      }),
    )
  })
})
