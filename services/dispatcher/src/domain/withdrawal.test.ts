import type { ConsentWithdrawn, TokenEvent } from '@otn/contracts'
import { DAY_MS, eventId, pageId, personId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { NOW, PAGE, PERSON, T1, T2 } from '../../test/support/command-facts.ts'
import { earliestGrant, isWithdrawn, keysOf, withdrawalOf } from './withdrawal.ts'

const token = { tokenId: T1, pageId: PAGE, person: PERSON, topic: 'restock-1', grantedAt: NOW }
const about = { eventId: eventId('e'), pageId: PAGE, at: NOW, reason: 'token-withdrawn' }
const consent = (by: Partial<ConsentWithdrawn>): TokenEvent => ({
  ...{ ...about, type: 'ConsentWithdrawn', withdrawnAt: NOW, ...by },
})
/** Whether the token is stopped by these events, told through the store's keys. */
function isStopped(events: readonly TokenEvent[], subject = token): boolean {
  const known = new Map(
    events.flatMap((event) => {
      const said = withdrawalOf(event)
      return said === null ? [] : [[said.key, said.at] as const]
    }),
  )
  const looked = new Map(keysOf(subject).flatMap((key) => [[key, known.get(key)] as const]))
  return isWithdrawn(subject, (key) => looked.get(key))
}

const forms = [{ person: PERSON }, { topic: 'restock-1' }, { person: PERSON, topic: 'restock-1' }]

describe('a token', () => {
  test.each(forms)('is stopped by a withdrawal of %j, given up to its millisecond', (by) => {
    expect(isStopped([consent(by)])).toBe(true)
    expect(isStopped([consent({ ...by, withdrawnAt: NOW - 1 })])).toBe(false)
    expect(isStopped([consent(by)], { ...token, grantedAt: NOW + 1 })).toBe(false)
  })

  test.each([
    { person: personId('another') },
    { topic: 'restock-2' },
    { person: PERSON, topic: 'restock-2' },
    { person: personId('another'), topic: 'restock-1' },
    { person: PERSON, pageId: pageId('1001') },
    { topic: 'restock-1', pageId: pageId('1001') },
    { tokenId: T2 },
    {},
  ])('is not stopped by one of %j', (by) => {
    expect(isStopped([consent(by)])).toBe(false)
  })

  test('is stopped for good by its own withdrawal, whenever that was', () => {
    const late = { ...token, grantedAt: NOW + 1e9 }
    const own = { ...about, type: 'TokenWithdrawn', tokenId: T1, person: PERSON } as const
    expect(isStopped([own], late)).toBe(true)
    expect(isStopped([consent({ tokenId: T1 })], late)).toBe(true)
  })

  test('without a topic is stopped by its person alone', () => {
    const unmapped = { tokenId: T1, pageId: PAGE, person: PERSON, topic: null, grantedAt: NOW }
    expect(keysOf(unmapped)).toHaveLength(2)
    expect(isWithdrawn(unmapped, (key) => (key.endsWith('/') ? NOW : undefined))).toBe(true)
  })

  test('of which nobody says when it was granted counts as granted as early as can be', () => {
    const expiresAt = NOW + 365 * DAY_MS - 1
    expect(earliestGrant({ grantedAt: null, expiresAt })).toBe(NOW - 1)
    expect(earliestGrant({ grantedAt: NOW, expiresAt })).toBe(NOW)
  })

  test('is stopped by no other fact', () => {
    const ends = { ...about, person: PERSON, tokenId: T1, expiresAt: NOW, daysLeft: 1 }
    expect(isStopped([{ ...ends, type: 'TokenExpiring' }])).toBe(false)
    expect(isStopped([{ ...ends, type: 'TokenExpired' }])).toBe(false)
    expect(isStopped([{ ...ends, type: 'TokenTopicAssigned', topic: 'a' }])).toBe(false)
  })
})
