import type { TokenEvent } from '@otn/contracts'
import { describe, expect, test } from 'vitest'
import { consentWithdrawn, optIn, tokenIdOf } from '../../test/facts.ts'
import { createFakeStore } from '../../test/fake-store.ts'
import { type TokenDocument, tokenView } from '../domain/token.ts'
import { onOptInReceived } from '../handlers/on-opt-in-received.ts'
import { onTokenEvent } from '../handlers/on-token-event.ts'
import type { ReadModel } from '../ports.ts'
import { foldDocuments } from './fold-documents.ts'

const topic = 'restock-1'
const granted = (token: string, grantedAt: number) =>
  onOptInReceived(optIn({ psid: '11', token, topic, grantedAt }).value)
const withdrawn = (by: Parameters<typeof consentWithdrawn>[0]) =>
  onTokenEvent(consentWithdrawn(by, 100).value)
const ways = [{ psid: '11' }, { topic }, { psid: '11', topic }, { token: 't1' }] as const

async function statesAfter(folding: (model: ReadModel) => Promise<void>) {
  const store = createFakeStore()
  const { model } = await store.now()
  await folding(model)
  return (token: string) => {
    const document = store.document('tokens', tokenIdOf(token)) as TokenDocument | null
    return document && tokenView(document)
  }
}

describe('a withdrawal', () => {
  test.each(ways)('by %j reaches a token that was granted before, in either order', async (by) => {
    const late = await statesAfter(async (model) => {
      await foldDocuments(model, [withdrawn(by)])
      await foldDocuments(model, [granted('t1', 100)])
    })
    const early = await statesAfter((model) =>
      foldDocuments(model, [granted('t1', 100), withdrawn(by)]),
    )
    expect(late('t1')).toMatchObject({ state: 'withdrawn', isWithdrawalOwed: true })
    expect(early('t1')).toEqual(late('t1'))
  })

  test.each(ways.slice(0, 3))(
    'by %j leaves alone what is granted a millisecond later',
    async (by) => {
      const stateOf = await statesAfter(async (model) => {
        await foldDocuments(model, [granted('t1', 100), withdrawn(by)])
        await foldDocuments(model, [granted('t2', 101)])
      })
      expect([stateOf('t1')?.state, stateOf('t2')?.state]).toEqual(['withdrawn', 'live'])
    },
  )

  test.each([{ psid: '12' }, { topic: 'restock-2' }, { psid: '11', topic: 'restock-2' }])(
    'by %j does not concern a token of another person or topic',
    async (by) => {
      const stateOf = await statesAfter((model) =>
        foldDocuments(model, [granted('t1', 100), withdrawn(by)]),
      )
      expect(stateOf('t1')?.state).toBe('live')
    },
  )

  test.each([
    ['restock-2', topic, 'withdrawn'],
    [topic, 'restock-2', 'live'],
  ])('of a topic reaches what is corrected from %s to %s: %s', async (from, to, state) => {
    const { value } = optIn({ psid: '11', token: 't1', topic: from, grantedAt: 100 })
    const about = { pageId: value.pageId, person: value.person, tokenId: value.tokenId, at: 1 }
    const assigned = { type: 'TokenTopicAssigned', eventId: value.eventId, ...about, topic: to }
    const stateOf = await statesAfter(async (model) => {
      await foldDocuments(model, [onOptInReceived(value), withdrawn({ topic })])
      await foldDocuments(model, [onTokenEvent(assigned as TokenEvent)])
    })
    expect(stateOf('t1')?.state).toBe(state)
  })

  test('that is folded by another process at any step of a consent is not missed', async () => {
    const steps = ['load', 'save', 'after save', 'within'] as const
    for (const step of steps) {
      for (let nth = 1; nth <= 6; nth += 1) expect(await besides(step, nth)).toBe('withdrawn')
    }
  })

  test('reaches more tokens than are read at once', async () => {
    const tokens = Array.from({ length: 1_201 }, (_, index) => `many${index}`)
    const stateOf = await statesAfter((model) =>
      foldDocuments(model, [...tokens.map((one) => granted(one, 1)), withdrawn({ topic })]),
    )
    expect(new Set(tokens.map((one) => stateOf(one)?.state))).toEqual(new Set(['withdrawn']))
  })
})

/** One process folds the consent; before its nth step of a kind another folds the withdrawal. */
async function besides(step: string, nth: number): Promise<string | undefined> {
  let left = nth
  let meanwhile: Promise<void> | null = null
  const store = createFakeStore((passed) => {
    if (passed !== step || meanwhile !== null) return
    left -= 1
    if (left === 0) meanwhile = foldOther()
  })
  const { model } = await store.now()
  const foldOther = () => foldDocuments(model, [withdrawn({ psid: '11' })])
  await foldDocuments(model, [granted('t1', 100)])
  await (meanwhile ?? foldOther())
  const document = store.document('tokens', tokenIdOf('t1')) as TokenDocument
  return tokenView(document)?.state
}
