/** Topic agreed to × topic sent about: nobody hears of what they did not say yes to. */
import { commandId, type TokenId, tokenId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { notify, request } from '../../test/support/command-facts.ts'
import { createMemoryPorts, proposed } from '../../test/support/memory-ports.ts'

/** Alike but for what a careless comparison overlooks: ends, parts, look-alikes, order. */
const TOPICS = [
  ...['restock-1', 'restock-10', 'restock-1.', 'restock-l', 'restock', 'estock-1'],
  ...['restock_1', 'restock.1', '1-restock', 'restock-1-restock-1', '0', '00', 'x'.repeat(64)],
] as const

const topic = fc.constantFrom(...TOPICS)
/** Null = no rule named a topic for it. */
const agreed = fc.array(fc.option(topic, { freq: 8 }), { minLength: 1, maxLength: 4 })
const idOf = (index: number): TokenId => tokenId(String(index + 1).repeat(32))
const tokensOf = (topics: readonly (string | null)[]) =>
  topics.map((of, index) => proposed({ tokenId: idOf(index), topic: of }))
const runs = { numRuns: 1_000 }

describe('a message on a topic [S1-17]', () => {
  test('spends a token of that very topic, or nobody is called', async () => {
    await fc.assert(
      fc.asyncProperty(agreed, topic, async (topics, sent) => {
        const { state, go } = createMemoryPorts()
        state.tokens = tokensOf(topics)
        await go(notify({ topic: sent }))
        const last = state.log.at(-1)
        if (topics.includes(sent)) {
          expect(state.calls).toHaveLength(1)
          const spent = tokensOf(topics).find((token) => token.tokenId === last?.tokenId)
          expect([last?.type, spent?.topic]).toEqual(['NotificationSent', sent])
        } else {
          expect([state.calls, last?.type, last?.reason, last?.rule]).toEqual([
            ...[[], 'NotificationFailed', 'no-live-token', 'notify-consent'],
          ])
        }
      }),
      runs,
    )
  })

  test('by a token that is named goes out on its topic alone; else both topics are told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(topic, { freq: 8 }), topic, async (of, sent) => {
        const { state, go } = createMemoryPorts()
        state.tokens = tokensOf([of])
        await go(notify({ psid: null, tokenId: idOf(0), topic: sent }))
        const { reason, type, detail } = state.log.at(-1) ?? {}
        if (of === sent) {
          expect([type, state.calls.length]).toEqual(['NotificationSent', 1])
          return
        }
        const refused = of === null ? 'topic-unmapped' : 'topic-mismatch'
        expect([state.calls, type, reason]).toEqual([[], 'NotificationFailed', refused])
        if (of !== null)
          expect([detail?.includes(of), detail?.includes(sent)]).toEqual([true, true])
      }),
      runs,
    )
  })

  test('stands in the way of a question about that very topic, and of no other [S1-20]', async () => {
    await fc.assert(
      fc.asyncProperty(agreed, topic, async (topics, asked) => {
        const { state, ask } = createMemoryPorts()
        state.tokens = tokensOf(topics)
        state.windowOpenUntil = state.nowMs + 1
        await ask(request({ commandId: commandId('r-1'), topic: asked }))
        expect(state.calls).toHaveLength(topics.includes(asked) ? 0 : 1)
      }),
      runs,
    )
  })
})
