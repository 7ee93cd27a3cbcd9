import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RollingCount } from './rolling-count.ts'

const WINDOW_MS = 1000
const SLOTS = 10
const steps = fc.array(fc.nat({ max: 700 }), { maxLength: 100 })

test('counts what a slow count counts, up to one slot more', () => {
  fc.assert(
    fc.property(steps, (pauses) => {
      const count = new RollingCount(WINDOW_MS, SLOTS)
      const added: number[] = []
      let nowMs = 0
      for (const pause of pauses) {
        nowMs += pause
        count.add(nowMs)
        added.push(nowMs)
        const younger = (ms: number) => added.filter((atMs) => nowMs - atMs < ms).length
        const total = count.total(nowMs)
        expect(total).toBeGreaterThanOrEqual(younger(WINDOW_MS))
        expect(total).toBeLessThanOrEqual(younger(WINDOW_MS + WINDOW_MS / SLOTS))
      }
    }),
  )
})

test('is below the limit again when it said it would be, and not a slot earlier', () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (pauses, limit) => {
      const count = new RollingCount(WINDOW_MS, SLOTS)
      let nowMs = 0
      for (const pause of pauses) {
        nowMs += pause
        count.add(nowMs)
      }
      const waitMs = count.regainMs(nowMs, limit)
      expect(waitMs > 0).toBe(count.total(nowMs) >= limit)
      if (waitMs === 0) return
      expect(count.total(nowMs + waitMs - 1)).toBeGreaterThanOrEqual(limit)
      expect(count.total(nowMs + waitMs)).toBeLessThan(limit)
    }),
  )
})
