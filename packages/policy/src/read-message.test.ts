import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageKinds } from './message-kinds.ts'
import { readMessage } from './read-message.ts'

const URL_OF = 'https://shop.example/7.png'
const MARK = '"MARK"'
const text = (length: number) => 'x'.repeat(length)
const read = (message: unknown) => readMessage(JSON.stringify(message))
const faultOf = (message: unknown) => read(message).fault

const link = { type: 'web_url', title: 'Shop', url: URL_OF }
const template = (payload: object) => ({ attachment: { type: 'template', payload } })
const generic = (element: object, count = 1) =>
  template({
    template_type: 'generic',
    elements: Array(count).fill({ title: 'Jacket', ...element }),
  })
const buttons = (...given: readonly object[]) =>
  template({ template_type: 'button', text: 'It is back.', buttons: given })
const media = (element: object) =>
  template({ template_type: 'media', elements: [{ media_type: 'image', ...element }] })
const bill = {
  ...{ template_type: 'receipt', recipient_name: 'Ada', order_number: '7', currency: 'JPY' },
  ...{ payment_method: 'Card', summary: { total_cost: 12.5 } },
}
const reply = { content_type: 'text', title: 'Stop', payload: 'STOP' }
const replies = (given: object, count = 1) => ({
  text: 'a',
  quick_replies: Array(count).fill(given),
})
const file = (type: string, payload: object) => ({ attachment: { type, payload } })

/** One message of each kind, with what it is taken for. */
const fine: readonly (readonly [unknown, readonly string[]])[] = [
  [{ text: 'It is back.' }, ['text']],
  [{ text: text(1999) }, ['text']],
  [file('image', { url: URL_OF, is_reusable: true }), ['image']],
  [file('audio', { attachment_id: '1745504518999123' }), ['audio']],
  [file('video', { url: URL_OF }), ['video']],
  [file('file', { url: URL_OF }), ['file']],
  [
    generic({ title: text(80), subtitle: text(80), image_url: URL_OF, buttons: [link] }, 10),
    ['generic'],
  ],
  [generic({ default_action: { type: 'web_url', url: URL_OF } }), ['generic']],
  [buttons(link, { type: 'postback', title: text(20), payload: text(1000) }), ['button']],
  [buttons({ type: 'phone_number', title: 'Call', payload: '+15105551234' }), ['button']],
  [buttons({ type: 'account_link', url: URL_OF }, { type: 'account_unlink' }), ['button']],
  [media({ url: URL_OF, buttons: [link] }), ['media']],
  [template(bill), ['receipt']],
  [template({ ...bill, elements: [{ title: 'Jacket', price: 0 }] }), ['receipt']],
  [replies({ ...reply, title: text(20), payload: text(1000) }, 13), ['text', 'quick-replies']],
  [
    { ...file('image', { url: URL_OF }), quick_replies: [{ content_type: 'user_email' }] },
    ['image', 'quick-replies'],
  ],
]

const broken: readonly (readonly [string, unknown, string, string])[] = [
  ['nothing', {}, 'message-invalid', 'needs exactly one of text, attachment'],
  [
    'both',
    { text: 'a', ...file('image', { url: URL_OF }) },
    'message-invalid',
    'exactly one of text',
  ],
  ['replies to nothing', { quick_replies: [reply] }, 'message-invalid', 'exactly one of text'],
  [
    '2000 characters',
    { text: text(2000) },
    'text-too-long',
    '2000 UTF-16 code units; at most 1999',
  ],
  ['a blank text', { text: '\u3164' }, 'text-empty', 'no visible character'],
  ['half a pair', { text: 'a\ud83d' }, 'message-invalid', 'surrogate pair'],
  ['no address', file('image', {}), 'message-invalid', 'exactly one of url, attachment_id'],
  [
    'two sources',
    file('file', { url: URL_OF, attachment_id: '1' }),
    'message-invalid',
    'exactly one',
  ],
  [
    'another scheme',
    file('image', { url: 'file:///etc/passwd' }),
    'message-invalid',
    'no http address',
  ],
  [
    'an id as a number',
    file('image', { attachment_id: 7 }),
    'message-invalid',
    'attachment_id is no text',
  ],
  [
    'is_reusable as a word',
    file('image', { url: URL_OF, is_reusable: 'yes' }),
    'message-invalid',
    'neither true nor false',
  ],
  [
    'a kind of no name',
    file('sticker', { url: URL_OF }),
    'message-kind-unknown',
    'none of image, audio',
  ],
  [
    'the question itself',
    template({ template_type: 'one_time_notif_req', title: 'a', payload: 'b' }),
    'message-kind-unknown',
    'none of generic, button, media, receipt',
  ],
  [
    'a kind of every object',
    template({ template_type: 'constructor' }),
    'message-kind-unknown',
    'none of generic',
  ],
  ['no element', generic({}, 0), 'message-invalid', 'elements has 0 items; at least 1'],
  ['11 elements', generic({}, 11), 'message-limit', 'elements has 11 items; at most 10'],
  [
    'a title of 81',
    generic({ title: text(81) }),
    'message-limit',
    'elements[0].title has 81 UTF-16 code units; at most 80',
  ],
  ['a subtitle of 81', generic({ subtitle: text(81) }), 'message-limit', 'subtitle has 81'],
  [
    'four buttons',
    generic({ buttons: Array(4).fill(link) }),
    'message-limit',
    'buttons has 4 items; at most 3',
  ],
  ['no button', buttons(), 'message-invalid', 'buttons has 0 items'],
  ['a button of no type', buttons({ title: 'a' }), 'message-invalid', 'buttons[0].type is none of'],
  [
    'a button without address',
    buttons({ type: 'web_url', title: 'a' }),
    'message-invalid',
    'buttons[0].url is missing',
  ],
  ['a button title of 21', buttons({ ...link, title: text(21) }), 'message-limit', 'title has 21'],
  [
    'a payload of 1001',
    buttons({ type: 'postback', title: 'a', payload: text(1001) }),
    'message-limit',
    'payload has 1001',
  ],
  [
    'a button text of 641',
    template({ template_type: 'button', text: text(641), buttons: [link] }),
    'message-limit',
    'text has 641',
  ],
  [
    'media of two kinds of source',
    media({ url: URL_OF, attachment_id: '1' }),
    'message-invalid',
    'exactly one',
  ],
  [
    'media of no type',
    media({ url: URL_OF, media_type: 'gif' }),
    'message-invalid',
    'none of image, video',
  ],
  [
    'a bill without sum',
    template({ ...bill, summary: {} }),
    'message-invalid',
    'summary.total_cost is missing',
  ],
  [
    'a bill for nobody',
    template({ ...bill, recipient_name: ' ' }),
    'message-invalid',
    'recipient_name is no visible text',
  ],
  [
    'a currency in words',
    template({ ...bill, currency: 'yen' }),
    'message-invalid',
    'currency of three letters',
  ],
  [
    '101 things on a bill',
    template({ ...bill, elements: Array(101).fill({ title: 'a', price: 1 }) }),
    'message-limit',
    'at most 100',
  ],
  ['14 replies', replies(reply, 14), 'message-limit', 'quick_replies has 14 items; at most 13'],
  ['a reply title of 21', replies({ ...reply, title: text(21) }), 'message-limit', 'title has 21'],
  [
    'a reply payload of 1001',
    replies({ ...reply, payload: text(1001) }),
    'message-limit',
    'payload has 1001',
  ],
  [
    'a reply of no type',
    replies({ title: 'a', payload: 'b' }),
    'message-invalid',
    'content_type is none of',
  ],
]

describe('a Send API message', () => {
  test.each(fine)('passes as it is: %j [S0-18, S0-19]', (message, kinds) => {
    expect(read(message)).toMatchObject({ fault: null, kinds })
  })

  test('of each kind is among those that pass', () => {
    const seen = new Set(fine.flatMap(([, kinds]) => kinds))
    expect([...seen].toSorted()).toEqual(messageKinds.toSorted())
  })

  test.each(broken)(
    'with %s is refused with its place [S0-18, S0-19]',
    (_, message, reason, part) => {
      const fault = faultOf(message)
      expect(fault).toMatchObject({ reason, fault: expect.stringContaining(part) })
    },
  )

  test.each([
    ['{"text":"a","text":"b"}', 'names a member twice'],
    ['{"text":"a","attachment":{"type":"image","type":"file"}}', 'names a member twice'],
    ['{"text":"a:\\"b\\":","quick_replies":[]}', null],
    ['{"text":"a","id":12345678901234567890}', 'no double holds'],
    ['{"text":"a","__proto__":{"x":1}}', 'a member other than'],
    ['{"text":"a","metadata":""}', 'metadata is ours'],
    ['[]', 'not JSON of an object'],
    ['"text"', 'not JSON of an object'],
    ['', 'not JSON of an object'],
  ])('%s: what two readers may read differently is refused', (json, part) => {
    const { fault } = readMessage(json)
    expect(fault?.fault ?? null).toEqual(part === null ? null : expect.stringContaining(part))
  })

  test('is refused in words that repeat nothing of what it holds', () => {
    const values = fc.json().map((json) => JSON.parse(json) as unknown)
    const messages = fc.oneof(
      values.map((value) => ({ text: 'a', [MARK]: value })),
      values.map((value) => file(MARK, { url: value })),
      values.map((value) => generic({ title: MARK.repeat(20), subtitle: value })),
      values.map((value) => replies({ ...reply, payload: value, content_type: MARK })),
    )
    fc.assert(
      fc.property(messages, (message) => {
        const fault = faultOf(message)
        expect(fault?.fault).toBeTypeOf('string')
        expect(fault?.fault).not.toContain('MARK')
      }),
    )
  })

  test('is never a crash, whatever text it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (json) => {
        const { fault, kinds } = readMessage(json)
        expect(fault !== null || kinds.length > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
