import type { WithdrawConsent } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { identity, PAGE, personOf } from '../../test/facts.ts'
import { faultOf, withdrawalOf } from './withdraw-consent.ts'

const psid = pageScopedUserId('2000')
const command: WithdrawConsent = { commandId: commandId('w1'), pageId: PAGE, psid }
const token = tokenId('19342fe8002e6df3cf684809ae863aef')
const bare = { ...command, psid: null }
const fact = (more: Partial<WithdrawConsent> = {}) =>
  withdrawalOf({ ...command, ...more }, { identity, nowMs: 5 })

describe('a command to withdraw consent', () => {
  test.each([
    ['the person', command],
    ['the pseudonym', { ...bare, person: personOf('2000') }],
    ['the token', { ...bare, tokenId: token }],
    ['the topic', { ...bare, topic: 'restock-1' }],
    ['person and topic', { ...command, topic: 'restock-1' }],
  ])('is good by %s', (_by, good) => {
    expect(faultOf(good)).toBeNull()
  })

  test.each([
    [{ commandId: commandId('') }, 'command-id-invalid', 'commandId'],
    [{ commandId: commandId('x'.repeat(129)) }, 'command-id-invalid', 'commandId'],
    [{ commandId: commandId('a\nb') }, 'command-id-invalid', 'commandId'],
    [{ pageId: pageId('shop') }, 'page-id-invalid', 'pageId'],
    [{ pageId: pageId('1000shop') }, 'page-id-invalid', 'pageId'],
    [{ pageId: pageId('shop1000') }, 'page-id-invalid', 'pageId'],
    [{ psid: pageScopedUserId('2000Ada') }, 'recipient-invalid', 'psid'],
    [{ psid: pageScopedUserId('Ada2000') }, 'recipient-invalid', 'psid'],
    [{ psid: null, person: personId(`${'a'.repeat(22)}.`) }, 'recipient-invalid', 'person'],
    [{ psid: null, person: personId(`.${'a'.repeat(22)}`) }, 'recipient-invalid', 'person'],
    [{ psid: null, tokenId: tokenId(`${token}x`) }, 'recipient-invalid', 'tokenId'],
    [{ psid: null, tokenId: tokenId(`x${token}`) }, 'recipient-invalid', 'tokenId'],
    [{ psid: null }, 'recipient-missing', 'psid'],
    [{ psid: pageScopedUserId('Ada') }, 'recipient-invalid', 'psid'],
    [{ psid: null, person: personId('Ada') }, 'recipient-invalid', 'person'],
    [{ psid: null, tokenId: tokenId('4400') }, 'recipient-invalid', 'tokenId'],
    [{ tokenId: token }, 'recipient-ambiguous', 'psid and tokenId'],
    [{ psid: null, tokenId: token, topic: 'a' }, 'recipient-ambiguous', 'tokenId and topic'],
    [{ psid: null, externalUserId: 'u' }, 'external-user-unknown', 'externalUserId'],
    [{ topic: 'Restock!' }, 'topic-invalid', 'topic'],
  ] as const)(
    'with %j is refused, and the field is named, its value never',
    (more, reason, field) => {
      const fault = faultOf({ ...command, ...more })
      expect(fault?.reason).toBe(reason)
      expect(fault?.detail.startsWith(field)).toBe(true)
      expect(fault?.detail).not.toMatch(/Ada|shop|Restock|4400/)
    },
  )

  test("is one fact: by pseudonym, up to now by our clock, whatever the caller's said [S0-02]", () => {
    expect(fact({ requestedAt: 1, requestedBy: 'shop' })).toMatchObject({
      ...{ type: 'ConsentWithdrawn', person: personOf('2000'), tokenId: null, topic: null },
      ...{ withdrawnAt: 5, requestedBy: 'shop', causationId: 'w1', reason: 'token-withdrawn' },
    })
    expect(JSON.stringify(fact())).not.toContain('2000')
  })

  test('may have an id of 128 characters, and is told under one that follows from what it says', () => {
    expect(faultOf({ ...command, commandId: commandId('x'.repeat(128)) })).toBeNull()
    const id = (...parts: readonly string[]) =>
      identity.event('ConsentWithdrawn', PAGE, ['w1', ...parts])
    expect(fact().eventId).toBe(id(personOf('2000'), '', ''))
    expect(fact({ psid: null, tokenId: token }).eventId).toBe(id('', token, ''))
    expect(fact({ psid: null, topic: 'a' }).eventId).toBe(id('', '', 'a'))
  })

  test('is told under one id however often it comes, and by whichever name of the person', () => {
    const again = withdrawalOf(command, { identity, nowMs: 9 })
    expect(again.eventId).toBe(fact().eventId)
    expect(fact({ psid: null, person: personOf('2000') }).eventId).toBe(fact().eventId)
    expect(fact({ topic: 'a' }).eventId).not.toBe(fact().eventId)
    expect(fact({ commandId: commandId('w2') }).eventId).not.toBe(fact().eventId)
  })

  test('takes any reason: only one of the closed list is repeated', () => {
    expect(fact({ reason: 'operator-settled' }).reason).toBe('operator-settled')
    expect(fact({ reason: 'because' }).reason).toBe('token-withdrawn')
  })

  test('names who asked in 256 characters at most', () => {
    expect(fact({ requestedBy: 'x'.repeat(9_999) }).requestedBy).toHaveLength(256)
  })
})
