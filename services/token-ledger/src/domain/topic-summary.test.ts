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

describe('the topics of a page', () => {
  test('are those declared and those consented to, by name, the unnamed last', () => {
    const counts = [
      { topic: null, tokens: 2, live: 1 },
      { topic: 'b', tokens: 3, live: 2 },
      { topic: 'a', tokens: 1, live: 0 },
    ]
    const told = topicSummaries({ topics: [declared('b'), declared('c')] }, counts)
    expect(told).toMatchObject([
      { topic: 'a', isDeclared: false, title: null, tokens: 1, live: 0 },
      { topic: 'b', isDeclared: true, title: 'About b', tokens: 3, live: 2 },
      { topic: 'c', isDeclared: true, title: 'About c', tokens: 0, live: 0 },
      { topic: null, isDeclared: false, tokens: 2, live: 1 },
    ])
  })

  test('have none without a name where every consent has one', () => {
    const told = topicSummaries({ topics: [declared('a')] }, [])
    expect(told.map(({ topic }) => topic)).toEqual(['a'])
  })
})
