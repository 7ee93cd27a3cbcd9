import { describe, expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'
import { parseAnswer } from './parse-answer.ts'

const parsed = (bytes: string | Uint8Array) =>
  parseAnswer(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, maskSecrets(['secret']))

describe('the body of an answer', () => {
  test.each([
    ['no JSON', '<html>'],
    ['half of it', '{"message_id":"m_1"'],
    ['nothing', ''],
    ['text that is no UTF-8', Buffer.from('{"message_id":"m_\xff"}', 'latin1')],
  ])('is null where it is %s', (_, bytes) => {
    expect(parsed(bytes)).toBeNull()
  })

  test('is as it stands where it holds no secret', () => {
    const told = { a: ['text', 7, true, null, { b: 'ä' }], c: {} }
    expect(parsed(JSON.stringify(told))).toEqual(told)
  })

  test('has a secret masked in each text, however deep', () => {
    const echoed = { a: 'a secret', b: [{ c: 'secret' }, ['secret']] }
    expect(parsed(JSON.stringify(echoed))).toEqual({
      ...{ a: 'a [masked]', b: [{ c: '[masked]' }, ['[masked]']] },
    })
    expect(parsed('"secret"')).toBe('[masked]')
  })

  test('has words masked in texts alone: names and ids stay, whatever was said to the person', () => {
    const words = maskSecrets(['message_id', 'recipient', 'm_1234'])
    const told = { recipient_id: '20', message_id: 'm_1234', error: { message: 'm_1234?' } }
    const read = parseAnswer(Buffer.from(JSON.stringify(told)), maskSecrets([]), words)
    expect(read).toEqual({ ...told, error: { message: '[masked]?' } })
  })

  test('loses each object that names a member by a secret, and no other', () => {
    expect(parsed('{"a":{"b":1,"my secret":2},"c":{"d":3}}')).toEqual({ a: null, c: { d: 3 } })
    expect(parsed('{"secret":1,"b":2}')).toBeNull()
  })
})
