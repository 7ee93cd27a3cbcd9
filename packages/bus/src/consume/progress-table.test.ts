import { beforeEach, describe, expect, test } from 'vitest'
import { ProgressTable } from './progress-table.ts'

const where = { topic: 'optIn', partition: 0 } as const
let table: ProgressTable

beforeEach(() => {
  table = new ProgressTable()
  table.assign([where], 0)
  table.moved(where, 10n, 0)
})

describe('a partition counts as stalled', () => {
  test('when records wait and nothing was handled for the whole time', () => {
    table.sawEnd(where, 12n, 1_000)
    table.sawEnd(where, 12n, 2_500)
    expect(table.stalled(3_000, 2_000)).toEqual([])
    expect(table.stalled(3_001, 2_000)).toEqual([where])
  })

  test('not because it was idle for long before the record came', () => {
    table.sawEnd(where, 10n, 100_000)
    table.sawEnd(where, 11n, 100_500)
    expect(table.stalled(101_000, 2_000)).toEqual([])
  })

  test('not while it moves, however far behind it is', () => {
    for (let nowMs = 1_000; nowMs < 10_000; nowMs += 1_000) {
      table.moved(where, BigInt(nowMs), nowMs)
      table.sawEnd(where, 1_000_000n, nowMs + 1)
      expect(table.stalled(nowMs + 1_000, 2_000)).toEqual([])
    }
  })

  test('not while its handler gives signs of life', () => {
    table.sawEnd(where, 12n, 1_000)
    table.active(where, 2_900)
    table.sawEnd(where, 12n, 3_000)
    expect(table.stalled(4_000, 2_000)).toEqual([])
  })

  test('not while it waits after a retry', () => {
    table.paused(where, true)
    table.sawEnd(where, 12n, 1_000)
    expect(table.stalled(100_000, 2_000)).toEqual([])
    table.paused(where, false)
    table.sawEnd(where, 12n, 100_000)
    expect(table.stalled(103_000, 2_000)).toEqual([where])
  })
})

describe('a new assignment', () => {
  test('forgets positions, because they may have moved', () => {
    table.assign([where], 5_000)
    expect(table.list(6_000)).toEqual([
      { ...where, next: null, end: null, idleMs: 1_000, paused: false },
    ])
    expect(table.unknown()).toMatchObject([where])
  })

  test('does not let a position that was looked up overwrite one that was handled', () => {
    table.found(where, 3n)
    expect(table.list(0)[0]?.next).toBe(10n)
  })
})
