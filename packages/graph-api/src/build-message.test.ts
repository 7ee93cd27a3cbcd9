import { Secret } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildTokenSend, textContent } from './build-message.ts'

const token = new Secret('4400000000000001')
const metadata = 'otn1.1000.order-7.1.AAAAAAAAAAA'

describe('the body that spends a token', () => {
  test('[S0-16] [S1-31] holds token, text and metadata, to the byte: no type, no tag, no person', () => {
    const body = buildTokenSend({ token, content: textContent('It is back.'), metadata })
    expect(body).toBe(
      '{"recipient":{"one_time_notif_token":"4400000000000001"},' +
        '"message":{"text":"It is back.","metadata":"otn1.1000.order-7.1.AAAAAAAAAAA"}}',
    )
  })

  test('[S0-18] takes any message of the caller as it is and adds metadata only', () => {
    const content = {
      attachment: { type: 'image', payload: { url: 'https://shop.example/7.png' } },
      quick_replies: [{ content_type: 'text', title: 'Stop', payload: 'STOP' }],
    }
    const body = JSON.parse(buildTokenSend({ token, content, metadata }))
    expect(body).toEqual({
      recipient: { one_time_notif_token: '4400000000000001' },
      message: { ...content, metadata },
    })
  })

  test('brings every text through unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const body = JSON.parse(buildTokenSend({ token, content: textContent(text), metadata }))
        expect(body.message.text).toBe(text)
      }),
    )
  })

  test("never overwrites metadata of the caller's: validation should have refused it", () => {
    const content = { text: 'a', metadata: 'theirs' }
    expect(() => buildTokenSend({ token, content, metadata })).toThrow('invariant')
  })

  test('treats a member named __proto__ as any other', () => {
    const content = JSON.parse('{"text":"a","__proto__":{"metadata":"theirs"}}')
    const body = buildTokenSend({ token, content, metadata })
    expect(body).toContain(`"__proto__":{"metadata":"theirs"},"metadata":"${metadata}"`)
  })
})
