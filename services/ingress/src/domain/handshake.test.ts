import { describe, expect, test } from 'vitest'
import { answerHandshake } from './handshake.ts'

const good = { mode: 'subscribe', challenge: '1158201444', tokenMatches: true }

describe('the handshake [S1-41]', () => {
  test('the right verify token gets its challenge back as it is', () => {
    expect(answerHandshake(good)).toEqual({ outcome: 'accepted', challenge: '1158201444' })
  })

  test.each([
    ['a wrong token', { tokenMatches: false }, 403, 'hub.verify_token is not'],
    [
      'a wrong token with a challenge that may not be echoed',
      { tokenMatches: false, challenge: '<' },
      403,
      'hub.verify_token is not',
    ],
    ['another mode', { mode: 'unsubscribe' }, 403, 'hub.mode is not'],
    ['a missing mode', { mode: null }, 400, 'wanted hub.mode, hub.verify_token and hub.challenge'],
    ['a missing challenge', { challenge: null }, 400, 'and hub.challenge, each once'],
    ['a missing token', { tokenMatches: null }, 400, 'hub.verify_token and hub.challenge'],
    ['markup as challenge', { challenge: '<script>' }, 400, 'hub.challenge is not 1 to 256'],
    ['an endless challenge', { challenge: '1'.repeat(257) }, 400, 'hub.challenge is not 1 to 256'],
    ['an empty challenge', { challenge: '' }, 400, 'hub.challenge is not 1 to 256'],
  ])('%s gets nothing back but what was wanted', (_, change, status, wanted) => {
    expect(answerHandshake({ ...good, ...change })).toEqual({
      ...{ outcome: 'refused', status, detail: expect.stringContaining(wanted) },
    })
  })
})
