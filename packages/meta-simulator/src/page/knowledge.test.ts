import { describe, expect, test } from 'vitest'

import { type KnownTruth, knowledgeOf } from './knowledge.ts'
import type { KnowledgeSource, LedgerFact } from './knowledge-source.ts'

const at = { pageId: '1000', psid: '2000' }
const token = { token: 'T', grantedAtMs: 5, state: 'ISSUED', calls: 1 } as const
const call = { token: 'T', metadata: 'otn1.1000.order.7.1.AAAAAAAAAAA' }
const truth: KnownTruth = { tokens: [token], deliveries: [], calls: [call] }

function source(facts: readonly LedgerFact[], asked: string[] = []): KnowledgeSource {
  const ledger = { tokenId: 'id', topic: 'restock-1', state: 'live', grantedAt: 5, expiresAt: 9 }
  return {
    tokens: async () => [{ ...ledger, tokenId: 'older', grantedAt: 1 }, ledger],
    facts: async (tokenId) => (tokenId === 'id' ? facts : []),
    command: async (_page, commandId) => {
      asked.push(commandId)
      const attempt = { number: 1, ending: 'unanswered', reason: null, graphCode: null }
      const rest = { reason: null, certainty: null, dueAt: null, attempts: [attempt] }
      return { commandId, state: 'attempting', ...rest }
    },
  }
}

describe('what the services know', () => {
  test('belongs to the token of the same tap, and to the command of its newest fact', async () => {
    const asked: string[] = []
    const fact = { type: 'NotificationAttempted', at: 6, certainty: null, reason: null }
    const facts = [
      { ...fact, commandId: 'first' },
      { ...fact, commandId: 'second' },
    ]
    const { tokens } = await knowledgeOf(source(facts, asked), { ...at, readTruth: () => truth })
    expect(tokens).toMatchObject([{ key: 't0', ledger: { state: 'live', topic: 'restock-1' } }])
    expect(asked).toEqual(['second'])
  })

  test('is asked by the command that the call carried while the log says nothing yet', async () => {
    const asked: string[] = []
    const { tokens } = await knowledgeOf(source([], asked), { ...at, readTruth: () => truth })
    expect(asked).toEqual(['order.7'])
    expect(tokens[0]?.verdict.kind).toBe('doubt')
  })

  test('is never judged by a truth that is older than itself', async () => {
    const spent: KnownTruth = { ...truth, tokens: [{ ...token, state: 'SPENT' }] }
    let isSpent = false
    const slow = {
      ...source([]),
      command: async () => {
        isSpent = true
        return null
      },
    }
    const redeemed = async () =>
      (await source([]).tokens(at.pageId, at.psid)).map((one) => ({ ...one, state: 'redeemed' }))
    const { tokens } = await knowledgeOf(
      { ...slow, tokens: redeemed },
      { ...at, readTruth: () => (isSpent ? spent : truth) },
    )
    expect(tokens).toMatchObject([{ truth: 'SPENT', verdict: { kind: 'agree' } }])
  })

  test('is a fault in words when a service is away', async () => {
    const away = { ...source([]), facts: async () => Promise.reject(new Error('no answer')) }
    expect(await knowledgeOf(away, { ...at, readTruth: () => truth })).toEqual({
      tokens: [],
      fault: 'no answer',
    })
  })
})
