import { Secret } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildOptInRequest, buildPersonSend, buildTokenSend } from './build-message.ts'

const token = new Secret('4400000000000001')
const metadata = 'otn1.1000.order-7.1.AAAAAAAAAAA'

describe('the body that spends a token', () => {
  test('[S0-16] [S1-31] holds token, text and metadata, to the byte: no type, no tag, no person', () => {
    const body = buildTokenSend({ token, content: '{"text":"It is back."}', metadata })
    expect(body).toBe(
      '{"recipient":{"one_time_notif_token":"4400000000000001"},' +
        '"message":{"text":"It is back.","metadata":"otn1.1000.order-7.1.AAAAAAAAAAA"}}',
    )
  })

  test('[S0-18] takes any message of the caller as it is and adds metadata only', () => {
    const content =
      '{ "attachment":{"type":"image","payload":{"url":"https:\\/\\/shop.example\\/7.png"}},' +
      '"quick_replies":[{"content_type":"text","title":"\\u518d","payload":"1.0e1"}]}'
    expect(buildTokenSend({ token, content: `${content} \n`, metadata })).toBe(
      '{"recipient":{"one_time_notif_token":"4400000000000001"},"message":' +
        `${content.slice(0, -1)},"metadata":"${metadata}"}}`,
    )
  })

  test('brings every text through unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const body = JSON.parse(
          buildTokenSend({ token, content: JSON.stringify({ text }), metadata }),
        )
        expect(body.message.text).toBe(text)
      }),
    )
  })

  test("never overwrites metadata of the caller's: validation should have refused it", () => {
    const content = '{"text":"a","metadata":"theirs"}'
    expect(() => buildTokenSend({ token, content, metadata })).toThrow('invariant')
    expect(() => buildTokenSend({ token, content: '{}', metadata })).toThrow('invariant')
  })

  test('treats a member named __proto__ as any other', () => {
    const content = '{"text":"a","__proto__":{"metadata":"theirs"}}'
    const body = buildTokenSend({ token, content, metadata })
    expect(body).toContain(`"__proto__":{"metadata":"theirs"},"metadata":"${metadata}"`)
  })
})

describe('the body that names the person', () => {
  const [psid, content] = [new Secret('2000'), '{"text":"Hi"}']

  test('is an update within the window, to the byte [S1-14]', () => {
    expect(buildPersonSend({ psid, tag: null, content, metadata })).toBe(
      '{"recipient":{"id":"2000"},"messaging_type":"UPDATE",' +
        `"message":{"text":"Hi","metadata":"${metadata}"}}`,
    )
  })

  test('carries a message tag with its type, to the byte [S1-37]', () => {
    expect(buildPersonSend({ psid, tag: 'HUMAN_AGENT', content, metadata })).toBe(
      '{"recipient":{"id":"2000"},"messaging_type":"MESSAGE_TAG","tag":"HUMAN_AGENT",' +
        `"message":{"text":"Hi","metadata":"${metadata}"}}`,
    )
  })
})

describe('the body that asks for consent', () => {
  const title = 'Tell you when it is back?'
  const payload = 'otn1:restock-1234:shop-7'
  const psid = new Secret('2000')

  test('is the template of the guide, to the byte, beside our metadata [S0-08, S0-10, S0-13]', () => {
    expect(buildOptInRequest({ to: { psid }, title, payload, metadata })).toBe(
      '{"recipient":{"id":"2000"},"message":{"attachment":{"type":"template","payload":' +
        '{"template_type":"one_time_notif_req","title":"Tell you when it is back?",' +
        '"payload":"otn1:restock-1234:shop-7"}},' +
        '"metadata":"otn1.1000.order-7.1.AAAAAAAAAAA"}}',
    )
  })

  test('names the token and not the person where a token pays [S1-27]', () => {
    const body = JSON.parse(buildOptInRequest({ to: { token }, title, payload, metadata }))
    expect(body.recipient).toEqual({ one_time_notif_token: '4400000000000001' })
  })

  test('has one template type and two fields of ours, whatever they hold [S0-09, S0-11]', () => {
    const texts = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(texts, texts, (given, carried) => {
        const input = { to: { psid }, title: given, payload: carried, metadata }
        const { message } = JSON.parse(buildOptInRequest(input))
        expect(message).toEqual({
          attachment: {
            type: 'template',
            payload: { template_type: 'one_time_notif_req', title: given, payload: carried },
          },
          metadata,
        })
      }),
    )
  })
})
