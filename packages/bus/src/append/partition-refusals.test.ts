import { describe, expect, test } from 'vitest'
import { PartitionRefusals } from './partition-refusals.ts'

const where = { topic: 'optIn', partition: 5 } as const

describe('a partition that failed', () => {
  test('is refused for 1 s, then twice as long after each trial that fails, at most 30 s', () => {
    const refusals = new PartitionRefusals()
    const waits: number[] = []
    for (let nowMs = 0, n = 0; n < 7; n += 1) {
      const waitMs = refusals.refuse(where, nowMs)
      expect(refusals.standing('optIn/5', nowMs + waitMs - 1)).toBe('refused')
      expect(refusals.standing('optIn/5', nowMs + waitMs)).toBe('due')
      waits.push(waitMs)
      nowMs += waitMs
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  })

  test('begins at 1 s again once it has healed', () => {
    const refusals = new PartitionRefusals()
    refusals.refuse(where, 0)
    refusals.refuse(where, 1_000)
    refusals.heal('optIn/5')
    expect(refusals.standing('optIn/5', 1_001)).toBe('open')
    expect(refusals.refuse(where, 2_000)).toBe(1_000)
  })

  test('is told with the time until it is tried again', () => {
    const refusals = new PartitionRefusals()
    refusals.refuse(where, 500)
    expect(refusals.list(700)).toEqual([{ ...where, retryInMs: 800 }])
    expect(refusals.list(9_000)).toEqual([{ ...where, retryInMs: 0 }])
  })
})
