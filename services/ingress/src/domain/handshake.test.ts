import { describe, expect, test } from 'vitest'
import { answerHandshake } from './handshake.ts'

const good = { mode: 'subscribe', challenge: '1158201444', tokenMatches: true }

describe('the handshake [S1-41]', () => {
  test('the right verify token gets its challenge back as it is', () => {
    expect(answerHandshake(good)).toEqual({ outcome: 'accepted', challenge: '1158201444' })
  })

  test.each([
    ['a wrong token', { tokenMatches: false }, 403],
    [
      'a wrong token with a challenge that may not be echoed',
      { tokenMatches: false, challenge: '<' },
      403,
    ],
    ['another mode', { mode: 'unsubscribe' }, 403],
    ['a missing mode', { mode: null }, 400],
    ['a missing challenge', { challenge: null }, 400],
    ['a missing token', { tokenMatches: null }, 400],
    ['markup as challenge', { challenge: '<script>' }, 400],
    ['an endless challenge', { challenge: '1'.repeat(257) }, 400],
    ['an empty challenge', { challenge: '' }, 400],
  ])('%s gets nothing back', (_, change, status) => {
    expect(answerHandshake({ ...good, ...change })).toMatchObject({ outcome: 'refused', status })
  })
})
