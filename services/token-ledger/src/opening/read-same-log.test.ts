import { describe, expect, test } from 'vitest'
import { perTopic } from '../ports.ts'
import { readSameLog } from './read-same-log.ts'

/** A log that grows with each look, and a read model that follows it. */
function living({ ahead = 0n }: { readonly ahead?: bigint } = {}) {
  const state = { end: 7n }
  const grown = (more: bigint) => {
    state.end += 1n
    return perTopic(() => [state.end + more])
  }
  return readSameLog({
    cursors: { readAll: async () => grown(ahead) },
    readEnds: async () => grown(0n),
    nameOf: (topic) => topic,
  })
}

describe('the read model at a start', () => {
  test('is of this log also while another ledger folds on', async () => {
    const { next, ends } = await living()
    expect([next.optIn, ends.optIn]).toEqual([[8n], [9n]])
  })

  test('that was folded beyond the end of the log is of another one', async () => {
    const refused = living({ ahead: 5n })
    await expect(refused).rejects.toMatchObject({ code: 'OTN_STORE_CLUSTER_CHANGED' })
    await expect(refused).rejects.toThrow(/Drop the database of the ledger/)
  })
})
