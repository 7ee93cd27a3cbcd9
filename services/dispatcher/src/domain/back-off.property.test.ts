import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backOffMs, jittered, pauseMs } from './back-off.ts'

const draw = fc.double({ min: 0, max: 1, noNaN: true })

describe('a back-off', () => {
  test('doubles to its longest, with half of a pause left to chance', () => {
    fc.assert(
      fc.property(fc.nat(2_000), draw, fc.integer({ min: 1_000, max: 3_600_000 }), (n, by, max) => {
        const full = pauseMs(n, { msMax: max, draw: 1 })
        expect(full).toBe(Math.min(1_000 * 2 ** Math.min(n, 30), max))
        const some = pauseMs(n, { msMax: max, draw: by })
        expect(some).toBeGreaterThanOrEqual(Math.floor(full / 2))
        expect(some).toBeLessThanOrEqual(full)
      }),
    )
  })

  test('of a command is never longer than without chance, and keeps three quarters of it', () => {
    fc.assert(
      fc.property(fc.nat(2_000), draw, (waits, by) => {
        const ms = jittered(backOffMs(waits), by)
        expect(ms).toBeLessThanOrEqual(backOffMs(waits))
        expect(ms).toBeGreaterThanOrEqual(0.75 * backOffMs(waits) - 1)
      }),
    )
  })
})
