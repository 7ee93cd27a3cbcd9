import { eventId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { topicSummaries } from './topic-summary.ts'

const declared = (name: string) => ({
  name,
  latest: {
    at: 1,
    seen: [eventId('e')],
    value: { title: `About ${name}`, purpose: null, category: null },
  },
})

const about = { title: null, purpose: null, category: null }
const mayNotify = ['shop']

describe('the topics of a page', () => {
  test('are those declared and those consented to, by name, the unnamed last', () => {
    const counts = [
      { topic: null, state: 'live', tokens: 1 },
      { topic: null, state: 'expired', tokens: 1 },
      { topic: 'b', state: 'live', tokens: 2 },
      { topic: 'b', state: 'redeemed', tokens: 1 },
      { topic: 'a', state: 'withdrawn', tokens: 1 },
    ] as const
    const told = topicSummaries({ topics: [declared('b'), declared('c')] }, counts)
    expect(told).toMatchObject([
      { topic: 'a', isDeclared: false, title: null, tokens: 1, live: 0 },
      { topic: 'b', isDeclared: true, title: 'About b', tokens: 3, live: 2 },
      { topic: 'c', isDeclared: true, title: 'About c', tokens: 0, live: 0 },
      { topic: null, isDeclared: false, tokens: 2, live: 1 },
    ])
  })

  test('say how many tokens are in each state, and who may notify', () => {
    const shop = { name: 'a', latest: { ...declared('a').latest, value: { ...about, mayNotify } } }
    const counts = [
      { topic: 'a', state: 'live', tokens: 2 },
      { topic: 'a', state: 'in-doubt', tokens: 1 },
    ] as const
    const [told, other] = topicSummaries({ topics: [shop, declared('b')] }, counts)
    expect(told?.states).toEqual({
      ...{ live: 2, reserved: 0, 'in-doubt': 1, redeemed: 0, expired: 0, rejected: 0 },
      withdrawn: 0,
    })
    expect([told?.mayNotify, other?.mayNotify]).toEqual([['shop'], null])
  })

  test('have none without a name where every consent has one', () => {
    const told = topicSummaries({ topics: [declared('a')] }, [])
    expect(told.map(({ topic }) => topic)).toEqual(['a'])
  })
})
