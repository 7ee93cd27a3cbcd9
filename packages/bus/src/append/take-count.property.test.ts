import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { takeCount } from './take-count.ts'

const waiting = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 900 }) }), { maxLength: 60 })
const caps = fc.record({
  recordsMax: fc.integer({ min: 1, max: 20 }),
  bytesMax: fc.integer({ min: 100, max: 2_000 }),
})

describe('one send', () => {
  test('stays under both caps, or holds a single record', () => {
    fc.assert(
      fc.property(waiting, caps, (records, { recordsMax, bytesMax }) => {
        const taken = records.slice(0, takeCount(records, { recordsMax, bytesMax }))
        const bytes = taken.reduce((sum, record) => sum + record.bytes, 0)
        expect(taken.length <= 1 || (taken.length <= recordsMax && bytes <= bytesMax)).toBe(true)
      }),
    )
  })

  test('takes as much as the caps allow, and something whenever something waits', () => {
    fc.assert(
      fc.property(waiting, caps, (records, { recordsMax, bytesMax }) => {
        const count = takeCount(records, { recordsMax, bytesMax })
        if (records.length === 0) {
          expect(count).toBe(0)
          return
        }
        expect(count).toBeGreaterThan(0)
        const oneMore = records.slice(0, count + 1)
        const bytes = oneMore.reduce((sum, record) => sum + record.bytes, 0)
        expect(count === records.length || count === recordsMax || bytes > bytesMax).toBe(true)
      }),
    )
  })
})
