import { describe, expect, test } from 'vitest'
import { invalid } from './fault.ts'
import type { NotifyInput } from './notifier.ts'
import { notifyCommand } from './notify-command.ts'

const circumstances = { newId: 'new-id', source: 'stock-service', nowMs: 1_790_000_000_000 }
const input: NotifyInput = {
  pageId: '1000',
  to: { psid: '2000', topic: 'restock-1234' },
  text: 'The blue jacket is back.',
}

function commandFrom(given: object) {
  const made = notifyCommand(given as NotifyInput, circumstances)
  if ('faults' in made) throw new Error(made.faults.map(({ field }) => field).join())
  return made.command
}

function faultsOf(given: unknown): readonly string[] {
  const made = notifyCommand(given as NotifyInput, circumstances)
  return 'faults' in made ? made.faults.map(({ field }) => field) : []
}

describe('a command from a product service', () => {
  test('holds every field of the record, and who asked when', () => {
    expect(commandFrom(input)).toEqual({
      commandId: 'new-id',
      pageId: '1000',
      psid: '2000',
      tokenId: null,
      externalUserId: null,
      topic: 'restock-1234',
      text: 'The blue jacket is back.',
      message: null,
      route: null,
      tag: null,
      notBefore: null,
      giveUpAt: null,
      timeZone: null,
      requestedBy: 'stock-service',
      requestedAt: 1_790_000_000_000,
    })
  })

  test('has the idempotency key as its id', () => {
    expect(commandFrom({ ...input, idempotencyKey: 'k' }).commandId).toBe('k')
  })

  test('takes instants as Date or milliseconds', () => {
    const notBefore = new Date(1_800_000_000_000)
    const command = commandFrom({ ...input, notBefore, giveUpAt: 1_800_000_000_001 })
    expect(command).toMatchObject({ notBefore: 1_800_000_000_000, giveUpAt: 1_800_000_000_001 })
  })

  test('names its route, and needs a topic only where a token may be spent', () => {
    expect(commandFrom({ ...input, route: 'AUTO' })).toMatchObject({ route: 'AUTO', tag: null })
    const to = { psid: '2000' }
    expect(commandFrom({ ...input, route: 'WINDOW', to })).toMatchObject({ topic: null })
    const tagged = { ...input, route: 'TAG', tag: 'HUMAN_AGENT', to }
    expect(commandFrom(tagged)).toMatchObject({ route: 'TAG', tag: 'HUMAN_AGENT', topic: null })
  })

  test('carries a Send API message as JSON', () => {
    const message = { attachment: { payload: { url: 'https://a.example/7.png' }, type: 'image' } }
    const { text: _text, ...rest } = input
    expect(commandFrom({ ...rest, message }).message).toBe(JSON.stringify(message))
  })
})

function withMessage(message: unknown): object {
  return { pageId: input.pageId, to: input.to, message }
}

const wrong: readonly (readonly [string, unknown, readonly string[]])[] = [
  ['nothing at all', undefined, ['pageId', 'to', 'to.topic', 'text']],
  ['a page id that is a number', { ...input, pageId: 1000 }, ['pageId']],
  ['two recipients', { ...input, to: { ...input.to, tokenId: 'a'.repeat(32) } }, ['to']],
  ['a psid with letters', { ...input, to: { ...input.to, psid: 'ada' } }, ['to.psid']],
  ['a token for a token id', { ...input, to: { tokenId: '44', topic: 't' } }, ['to.tokenId']],
  ['a topic in capitals', { ...input, to: { ...input.to, topic: 'Restock' } }, ['to.topic']],
  ['text and message', { ...input, message: {} }, ['text']],
  ['a text of blanks', { ...input, text: ' \n\u200b' }, ['text']],
  ['a text of 2000 characters', { ...input, text: 'a'.repeat(2000) }, ['text']],
  ['metadata', withMessage({ text: 'Hi', metadata: 'x' }), ['message']],
  ['an attachment without source', withMessage({ attachment: { type: 'image' } }), ['message']],
  ['a route of no name', { ...input, route: 'window' }, ['route']],
  ['a tag without its route', { ...input, tag: 'HUMAN_AGENT' }, ['tag']],
  ['a route TAG without tag', { ...input, route: 'TAG' }, ['tag']],
  ['a tag of no name', { ...input, route: 'TAG', tag: 'SALE' }, ['tag']],
  ['WINDOW by token', { ...input, route: 'WINDOW', to: { tokenId: 'a'.repeat(32) } }, ['to']],
  ['AUTO without topic', { ...input, route: 'AUTO', to: { psid: '2000' } }, ['to.topic']],
  ['a message without content', withMessage({ quick_replies: [] }), ['message']],
  ['a message with a blank text', withMessage({ text: ' ' }), ['message']],
  ['a message that is no object', withMessage('Hi'), ['message']],
  ['an id of 129 characters', { ...input, idempotencyKey: 'k'.repeat(129) }, ['idempotencyKey']],
  ['an instant in seconds', { ...input, giveUpAt: 1_790_000_000 }, ['giveUpAt']],
  ['an invalid Date', { ...input, notBefore: new Date('x') }, ['notBefore']],
  ['an end before the start', { ...input, notBefore: 2e12, giveUpAt: 1e12 }, ['giveUpAt']],
  ['a zone of no name', { ...input, timeZone: 'Tokyo' }, ['timeZone']],
  ['a misspelt constraint', { ...input, giveupAt: 2e12 }, ['giveupAt']],
]

describe('the client refuses', () => {
  test.each(wrong)('%s', (_title, given, fields) => {
    expect(faultsOf(given)).toEqual(fields)
  })

  test('with one error that names field, what came and what was wanted', () => {
    const made = notifyCommand({ ...input, pageId: 'x', giveUpAt: 5 }, circumstances)
    const { message, code } = invalid('notify', 'faults' in made ? made.faults : [])
    expect(code).toBe('OTN_CLIENT_INVALID')
    expect(message).toBe(
      'notify: pageId: got "x", wanted a page id (decimal digits, as a text); ' +
        'giveUpAt: got 5, wanted a Date, or whole milliseconds (not seconds) since the epoch',
    )
  })

  test('without repeating what is personal', () => {
    const to = { psid: 'ada@example.com', topic: 'restock-1234' }
    const made = notifyCommand({ ...input, to, text: ' '.repeat(3) }, circumstances)
    const { message } = invalid('notify', 'faults' in made ? made.faults : [])
    expect(message).not.toContain('ada')
    expect(message).toContain('to.psid: got a text of 15 characters')
  })
})
