import { describe, expect, test } from 'vitest'
import { readCursors } from './read-cursors.ts'

/** A log of two partitions that grows with each look, and a store that follows it. */
function living({ ahead = 0n }: { readonly ahead?: bigint } = {}) {
  const state = { end: 7n }
  const grown = () => {
    state.end += 1n
    return state.end
  }
  return readCursors({
    cursors: { read: async () => grown() + ahead },
    readEnds: async () => [grown(), grown()],
    ...{ topic: 'otn.notify.commands.v1', partitions: 2, databaseName: 'otn_dispatcher' },
  })
}

describe('the cursors at a start', () => {
  test('lie within the log also while another dispatcher moves both on', async () => {
    expect(await living()).toEqual([8n, 9n])
  })

  test('beyond the end tell of another log, and what to do', async () => {
    const refused = living({ ahead: 10n })
    await expect(refused).rejects.toMatchObject({ code: 'OTN_STORE_CLUSTER_CHANGED' })
    await expect(refused).rejects.toThrow(/drop database otn_dispatcher and start again/)
  })

  test('that are not there tell of a store that was emptied', async () => {
    const emptied = readCursors({
      cursors: { read: async () => null },
      readEnds: async () => [5n],
      ...{ topic: 't', partitions: 1, databaseName: 'd' },
    })
    await expect(emptied).rejects.toMatchObject({ code: 'OTN_STORE_GENERATION_LOST' })
  })
})
