import { describe, expect, test } from 'vitest'
import { createWithdrawalsRead } from './withdrawals-read.ts'

function reading(start: { readonly ends: bigint[]; readonly cursors: (bigint | null)[] }) {
  const state = { ...start, looks: 0, asked: [] as number[] }
  const areRead = createWithdrawalsRead({
    readEnds: async () => {
      state.looks += 1
      return [...state.ends]
    },
    readCursor: async (partition) => {
      state.asked.push(partition)
      return state.cursors[partition] ?? null
    },
  })
  return { state, areRead }
}

describe('the withdrawals on the log', () => {
  test('[S0-02] are read once each partition is folded to where it ends now', async () => {
    const { state, areRead } = reading({ ends: [0n, 3n], cursors: [0n, 2n] })
    expect(await areRead()).toBe(false)
    state.cursors[1] = 3n
    expect(await areRead()).toBe(true)
    state.ends[0] = 1n
    expect(await areRead()).toBe(false)
    state.cursors[0] = 5n
    expect(await areRead()).toBe(true)
  })

  test('are not read where the database is gone', async () => {
    const { areRead } = reading({ ends: [1n], cursors: [null] })
    expect(await areRead()).toBe(false)
  })

  test('cost one look at the log for all who ask at once, and no cursor while nothing is new', async () => {
    const { state, areRead } = reading({ ends: [0n, 3n], cursors: [0n, 4n] })
    expect(await Promise.all([areRead(), areRead(), areRead()])).toEqual([true, true, true])
    expect(await areRead()).toBe(true)
    expect([state.looks, state.asked]).toEqual([2, [1]])
  })
})
