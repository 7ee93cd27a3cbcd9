import { describe, expect, test } from 'vitest'
import { readAnswer } from './read-error.ts'

describe('a message id', () => {
  test.each(['m_1', 'mid.$cAAB', '!', '~'.repeat(512)])('is printable and bounded: %s', (id) => {
    expect(readAnswer({ message_id: id })).toEqual({ kind: 'message', messageId: id })
  })

  test.each(['', ' m_1', 'm_1 ', 'm_1\n', 'm 1', 'm_ä', 'm'.repeat(513), 7, null, ['m_1']])(
    'of another form proves nothing: %j',
    (id) => {
      expect(readAnswer({ message_id: id }).kind).toBe('unreadable')
    },
  )
})

describe('an error', () => {
  test('is read with all that it says', () => {
    const texts = { message: 'a', error_user_title: 'b', error_user_msg: 'c' }
    const about = { is_transient: true, type: 'OAuthException', fbtrace_id: 'H7' }
    expect(readAnswer({ error: { code: 10, error_subcode: 33, ...texts, ...about } })).toEqual({
      kind: 'error',
      error: {
        ...{ code: 10, subcode: 33, message: 'a', forPeople: ['b', 'c'] },
        ...{ isTransient: true, type: 'OAuthException', fbtraceId: 'H7' },
      },
    })
  })

  test('needs a code and nothing else', () => {
    expect(readAnswer({ error: { code: 10 } })).toEqual({
      kind: 'error',
      error: {
        ...{ code: 10, subcode: null, message: '', forPeople: [] },
        ...{ isTransient: null, type: null, fbtraceId: null },
      },
    })
  })
})

test.each([undefined, null, 7, 'text', true, []])('what is no object is unreadable: %j', (json) => {
  expect(readAnswer(json)).toEqual({ kind: 'unreadable' })
})
