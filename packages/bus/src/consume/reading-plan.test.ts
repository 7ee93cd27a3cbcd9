import { describe, expect, test } from 'vitest'
import type { InRecord } from '../record.ts'
import { ReadingPlan } from './reading-plan.ts'

const bounds = { starts: { optIn: [0n, 4n] }, ends: { optIn: [3n, 9n] } }

describe('a following', () => {
  test('begins at the first record that is kept', () => {
    const plan = new ReadingPlan({}, bounds, undefined)
    expect(plan.positions).toEqual({ optIn: [0n, 4n] })
  })

  test('begins where it was told, or at the first kept record after that', () => {
    const plan = new ReadingPlan({ optIn: [2n, 1n] }, bounds, undefined)
    expect(plan.positions).toEqual({ optIn: [2n, 4n] })
  })

  test('refuses a position above the end: it belongs to another log', () => {
    expect(() => new ReadingPlan({ optIn: [4n, 4n] }, bounds, undefined)).toThrow(
      /partition 0 of optIn ends at 3, reading was to begin at 4/,
    )
  })

  test('hands a record over once, however often it is fetched', () => {
    const plan = new ReadingPlan({}, bounds, undefined)
    const where = { topic: 'optIn', partition: 0 } as const
    expect(offsets(plan.unseen(where, records(0n, 1n)))).toEqual([0n, 1n])
    plan.passed({ ...where, offset: 1n })
    expect(offsets(plan.unseen(where, records(0n, 1n, 2n)))).toEqual([2n])
  })

  test('has caught up once every partition has passed the end read at the start', () => {
    const plan = new ReadingPlan({}, bounds, undefined)
    plan.passed({ topic: 'optIn', partition: 0, offset: 2n })
    expect(plan.isCaughtUp).toBe(false)
    plan.passed({ topic: 'optIn', partition: 1, offset: 8n })
    expect(plan.isCaughtUp).toBe(true)
  })

  test('with an end hands nothing over that came after the start', () => {
    const plan = new ReadingPlan({}, bounds, 'end')
    const where = { topic: 'optIn', partition: 0 } as const
    expect(offsets(plan.unseen(where, records(1n, 2n, 3n, 4n)))).toEqual([1n, 2n])
  })

  test('with an end stands there, though a fetch brought more: the next one needs it', () => {
    const plan = new ReadingPlan({}, bounds, 'end')
    plan.passed({ topic: 'optIn', partition: 0, offset: 4n })
    expect(plan.positions).toEqual({ optIn: [3n, 4n] })
  })
})

function records(...list: bigint[]): readonly InRecord[] {
  return list.map((offset) => ({ offset, key: null, value: null, headers: {}, timestampMs: 0 }))
}

function offsets(list: readonly InRecord[]): readonly bigint[] {
  return list.map(({ offset }) => offset)
}
