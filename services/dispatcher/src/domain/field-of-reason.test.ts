import type { Notify, ReasonCode } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { NOTIFYING, notify, T1 } from '../../test/support/command-facts.ts'
import { fieldOfReason } from './field-of-reason.ts'
import { unusableId, validateNotify } from './validate-notify.ts'

const noText = { text: null, message: '{"text":"a","metadata":"x"}' }
const mendedMessage = { message: '{"text":"a"}' }
const byToken = { psid: null, tokenId: T1 }

const NO_AUTO = {
  ...{ ...NOTIFYING, routesOff: ['AUTO' as const] },
  ...{ personalData: 'refuse' as const, sensitiveWords: 'refuse' as const },
}

/** What breaks one rule, and what mends it in one field. */
const rows: readonly [ReasonCode, Partial<Notify>, Partial<Notify>][] = [
  ['command-id-invalid', { commandId: commandId('') }, { commandId: commandId('c-1') }],
  ['page-id-invalid', { pageId: pageId('page') }, { pageId: pageId('1000') }],
  ['recipient-missing', { psid: null }, { psid: pageScopedUserId('2000') }],
  ['recipient-ambiguous', { tokenId: T1 }, { psid: null }],
  ['recipient-invalid', { psid: pageScopedUserId('x') }, { psid: pageScopedUserId('2000') }],
  ['recipient-invalid', { ...byToken, tokenId: tokenId('x') }, { tokenId: T1 }],
  ['content-missing', { text: null }, { text: 'a' }],
  ['content-ambiguous', { message: '{"text":"a"}' }, { text: null }],
  ['text-empty', { text: ' ' }, { text: 'a' }],
  ['text-too-long', { text: 'x'.repeat(2000) }, { text: 'a' }],
  ['message-invalid', { ...noText, message: '{' }, { message: '{"text":"a"}' }],
  ['message-kind-unknown', { ...noText, message: '{"attachment":{"type":"x"}}' }, mendedMessage],
  ['text-too-long', { ...noText, message: `{"text":"${'x'.repeat(2000)}"}` }, mendedMessage],
  ['metadata-reserved', noText, { message: '{"text":"a"}' }],
  ['personal-data', { text: 'Call +81 90 1234 5678' }, { text: 'a' }],
  ['personal-data', { ...noText, message: '{"text":"a@example.com"}' }, mendedMessage],
  ['sensitive-words', { text: 'Your diagnosis is ready' }, { text: 'a' }],
  ['route-unknown', { route: 'POST' }, { route: 'TOKEN' }],
  ['route-disabled', { route: 'AUTO' }, { route: 'TOKEN' }],
  ['recipient-contradicts-route', { ...byToken, route: 'WINDOW' }, { route: 'TOKEN' }],
  ['tag-missing', { route: 'TAG' }, { tag: 'HUMAN_AGENT' }],
  ['tag-unknown', { route: 'TAG', tag: 'X' }, { tag: 'HUMAN_AGENT' }],
  ['tag-not-allowed', { route: 'TAG', tag: 'ACCOUNT_UPDATE' }, { tag: 'HUMAN_AGENT' }],
  ['tag-contradicts-route', { tag: 'HUMAN_AGENT' }, { tag: null }],
  ['topic-missing', { topic: null }, { topic: 'restock' }],
  ['topic-missing', { ...mendedMessage, text: null, topic: null }, { topic: 'restock' }],
  ['topic-invalid', { topic: 'Restock' }, { topic: 'restock' }],
]

const faultOf = (values: Partial<Notify>) => {
  const command = notify(values)
  return unusableId(command) ?? validateNotify(command, NO_AUTO)?.reason ?? null
}

describe('the field that a refused command is to be corrected in', () => {
  test.each(rows)('after %s is one whose correction makes it valid: %#', (...row) => {
    const [reason, broken, mended] = row
    expect(faultOf(broken)).toBe(reason)
    expect(faultOf({ ...broken, ...mended })).toBeNull()
    expect(fieldOfReason(reason, notify(broken))).toBe(Object.keys(mended)[0])
  })

  test('of a person nobody knows is the id that was given', () => {
    const broken = { psid: null, externalUserId: 'u' }
    expect(faultOf(broken)).toBeNull()
    expect(fieldOfReason('external-user-unknown', notify(broken))).toBe('externalUserId')
    expect(fieldOfReason('recipient-invalid', notify(broken))).toBe('externalUserId')
  })

  test('is none where no field is to blame', () => {
    expect(fieldOfReason('token-held', notify())).toBe('')
    expect(fieldOfReason('token-held', notify(byToken))).toBe('')
  })
})
