import { isReasonCode, type Notify } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOTIFYING, notify } from '../../test/support/command-facts.ts'
import { messageOf, unusableId, validateNotify } from './validate-notify.ts'

const message = (value: unknown) => ({ text: null, message: JSON.stringify(value) })
const attachment = { type: 'image', payload: { url: 'https://example.org/a.png' } }
const frame = '{"text":"a"}'
const longest = `${frame}${' '.repeat(65_536 - frame.length)}`
const reasonOf = (values: Partial<Notify>, settings = NOTIFYING) =>
  validateNotify(notify(values), settings)?.reason ?? null

const rows: readonly [string, Partial<Notify>, string | null][] = [
  ['text to a person', {}, null],
  ['a token', { psid: null, tokenId: tokenId('a'.repeat(32)) }, null],
  ['no recipient', { psid: null }, 'recipient-missing'],
  ['two recipients', { tokenId: tokenId('a'.repeat(32)) }, 'recipient-ambiguous'],
  ['a psid that is none', { psid: pageScopedUserId('U-1') }, 'recipient-invalid'],
  ['a psid of 21 digits', { psid: pageScopedUserId('1'.repeat(21)) }, 'recipient-invalid'],
  ['an id of 33 digits', { psid: null, tokenId: tokenId('a'.repeat(33)) }, 'recipient-invalid'],
  [
    'an id led by another',
    { psid: null, tokenId: tokenId(`x${'a'.repeat(32)}`) },
    'recipient-invalid',
  ],
  [
    'an id followed by more',
    { psid: null, tokenId: tokenId(`${'a'.repeat(32)}x`) },
    'recipient-invalid',
  ],
  ['a token id that is none', { psid: null, tokenId: tokenId('A') }, 'recipient-invalid'],
  ['an external user', { psid: null, externalUserId: 'u' }, null],
  ['one of 256 units', { psid: null, externalUserId: '顧'.repeat(256) }, null],
  ['one of 257 units', { psid: null, externalUserId: 'u'.repeat(257) }, 'recipient-invalid'],
  ['an empty one', { psid: null, externalUserId: '' }, 'recipient-invalid'],
  ['one with a line feed', { psid: null, externalUserId: 'a\nb' }, 'recipient-invalid'],
  ['one that UTF-8 cannot carry', { psid: null, externalUserId: '\ud83d' }, 'recipient-invalid'],
  ['one beside a psid', { externalUserId: 'u' }, 'recipient-ambiguous'],
  ['WINDOW by one', { psid: null, externalUserId: 'u', route: 'WINDOW', topic: null }, null],
  ['no content', { text: null }, 'content-missing'],
  ['two contents', { message: '{}' }, 'content-ambiguous'],
  ['an empty text', { text: '' }, 'text-empty'],
  ['a blank text', { text: ' \n\t\u200b\u3164' }, 'text-empty'],
  ['1999 characters', { text: 'x'.repeat(1999) }, null],
  ['2000 characters', { text: 'x'.repeat(2000) }, 'text-too-long'],
  ['999 emoji of two units and one letter', { text: `${'😀'.repeat(999)}x` }, null],
  ['1000 emoji of two units', { text: '😀'.repeat(1000) }, 'text-too-long'],
  ['a message with text', message({ text: 'a', quick_replies: [] }), null],
  ['a message with an attachment', message({ attachment }), null],
  ['no JSON', { text: null, message: '{' }, 'message-invalid'],
  ['64 Ki characters of JSON, no more', { text: null, message: longest }, null],
  ['64 Ki characters and one', { text: null, message: `${longest} ` }, 'message-invalid'],
  ['a member of no kind', message({ text: 'a', x: 1 }), 'message-invalid'],
  ['a list', message([]), 'message-invalid'],
  ['null', message(null), 'message-invalid'],
  ['an empty message', message({}), 'message-invalid'],
  ['an attachment that is null', message({ attachment: null }), 'message-invalid'],
  ['an attachment of no kind', message({ attachment: { type: 'x' } }), 'message-kind-unknown'],
  ['an empty message text', { text: null, message: '' }, 'message-invalid'],
  ['a text that is a number', message({ text: 1, attachment }), 'message-invalid'],
  ['a long text in a message', message({ text: 'x'.repeat(2000) }), 'text-too-long'],
  ['a blank text in a message', message({ text: ' ' }), 'text-empty'],
  ['metadata of the caller', message({ text: 'a', metadata: '' }), 'metadata-reserved'],
  [
    'a number that would change on its way',
    { text: null, message: '{"text":"a","id":12345678901234567890}' },
    'message-invalid',
  ],
  ['route TOKEN', { route: 'TOKEN' }, null],
  ['route WINDOW', { route: 'WINDOW', topic: null }, null],
  ['route AUTO', { route: 'AUTO' }, null],
  ['route AUTO without topic', { route: 'AUTO', topic: null }, 'topic-missing'],
  ['route TAG with its tag', { route: 'TAG', tag: 'HUMAN_AGENT', topic: null }, null],
  ['route TAG without tag', { route: 'TAG' }, 'tag-missing'],
  ['route WINDOW with a tag', { route: 'WINDOW', tag: 'X' }, 'tag-contradicts-route'],
  ['a tag without its route', { tag: 'HUMAN_AGENT' }, 'tag-contradicts-route'],
  ['a route of no kind', { route: 'token' }, 'route-unknown'],
  ['no topic', { topic: null }, 'topic-missing'],
  ['a topic that is none', { topic: 'Restock' }, 'topic-invalid'],
]

describe('a command', { timeout: 60_000 }, () => {
  test.each(rows)('%s', (_, values, reason) => {
    expect(reasonOf(values)).toBe(reason)
  })

  test('never throws, whatever text stands in whatever field', () => {
    const text = fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.json()))
    const fields = fc.record({ text, message: text, topic: text, route: text, tag: text })
    fc.assert(
      fc.property(fields, (values) => {
        const reason = reasonOf(values)
        expect(reason === null || isReasonCode(reason)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })

  test('deeper than 32 levels is refused, and never a crash', () => {
    const deep = `{"text":"a","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    expect(reasonOf({ text: null, message: deep })).toBe('message-invalid')
    const nested = (depth: number) => `{"attachment":{"type":"image","payload":{
      "url":"https://example.org/a.png","x":${'['.repeat(depth)}${']'.repeat(depth)}}}}`
    expect(reasonOf({ text: null, message: nested(29) })).toBeNull()
    expect(reasonOf({ text: null, message: nested(30) })).toBe('message-invalid')
  })

  test('of a kind that is switched off is refused with the name of the kind [S0-19]', () => {
    const settings = { ...NOTIFYING, kindsOff: ['image' as const] }
    expect(validateNotify(notify(message({ attachment })), settings)).toMatchObject({
      reason: 'message-kind-disabled',
      ruling: { rule: 'notify-message-kind-off', detail: 'the kind image is switched off here' },
    })
    expect(reasonOf({}, settings)).toBeNull()
    expect(reasonOf({}, { ...NOTIFYING, kindsOff: ['text'] })).toBe('message-kind-disabled')
  })

  test('by a route that is switched off is refused with its name', () => {
    const settings = { ...NOTIFYING, routesOff: ['WINDOW' as const] }
    expect(validateNotify(notify({ route: 'WINDOW' }), settings)?.ruling.detail).toBe(
      'the route WINDOW is switched off here',
    )
    // What it chooses is judged when it is chosen.
    expect(reasonOf({ route: 'AUTO' }, settings)).toBeNull()
  })

  test('keeps its message as it was given', () => {
    const given = ' {"quick_replies":[], "text":"\\u518d" }'
    expect(messageOf(notify({ text: null, message: given }))).toBe(given)
    expect(messageOf(notify({ text: '再' }))).toBe('{"text":"再"}')
  })
})

describe('an id that cannot be used at all', () => {
  test.each([
    ['', 'command-id-invalid'],
    ['x'.repeat(129), 'command-id-invalid'],
    ['two\nlines', 'command-id-invalid'],
    ['half a pair \ud800', 'command-id-invalid'],
    ['x'.repeat(128), null],
    ['注文-1', null],
  ])('%#: a command id', (text, reason) => {
    expect(unusableId(notify({ commandId: commandId(text) }))).toBe(reason)
  })

  test.each(['', 'page', '1'.repeat(33), '1 '])('the page id "%s"', (text) => {
    expect(unusableId(notify({ pageId: pageId(text) }))).toBe('page-id-invalid')
  })
})
