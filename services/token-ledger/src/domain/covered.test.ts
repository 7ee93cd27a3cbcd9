/** What is withdrawn of a consent elsewhere, as its token tells of it. */
import { DAY_MS, pageId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { consentWithdrawn, identity, optIn, PAGE, personOf, tokenIdOf } from '../../test/facts.ts'
import { foldTopicWithdrawal, unknownPage } from './page.ts'
import { foldPersonWithdrawal, unknownPerson } from './person.ts'
import { coverToken, foldConsent, foldTokenEvent, tokenView, unknownToken } from './token.ts'
import { noticeOf, tokenWithdrawn } from './token-facts.ts'
import { isWithin } from './withdrawal-scope.ts'

const granted = optIn({ psid: '1', token: '44', grantedAt: 100, at: 100 }).value
const token = foldConsent(unknownToken, granted)
const nobody = { person: unknownPerson, page: unknownPage }
const byPerson = (at: number, topic?: string) =>
  consentWithdrawn({ psid: '1', ...(topic ? { topic } : {}) }, at).value
const byTopic = (at: number) => consentWithdrawn({ topic: 'restock-1' }, at).value
const stateOf = (of: typeof token) => tokenView(of)?.state

describe('a consent', () => {
  test('[S0-02] is withdrawn with its person, its topic or itself, granted up to then', () => {
    const person = foldPersonWithdrawal(unknownPerson, byPerson(100))
    const page = foldTopicWithdrawal(unknownPage, byTopic(100))
    for (const where of [
      { ...nobody, person },
      { ...nobody, page },
      { person, page },
    ]) {
      const covered = coverToken(token, where)
      expect([stateOf(covered), covered.coveredBy]).toEqual(['withdrawn', { at: 100 }])
      // It follows from the three documents: done again it changes nothing.
      expect(coverToken(covered, where)).toBe(covered)
    }
    const early = foldPersonWithdrawal(unknownPerson, byPerson(99))
    expect(coverToken(token, { ...nobody, person: early })).toBe(token)
    expect(coverToken(token, nobody)).toBe(token)
  })

  test('is covered by the latest that reaches it, and by none any more once none does', () => {
    const person = foldPersonWithdrawal(unknownPerson, byPerson(150))
    const page = foldTopicWithdrawal(unknownPage, byTopic(200))
    const covered = coverToken(token, { person, page })
    expect(covered.coveredBy).toEqual({ at: 200 })
    expect(coverToken(covered, nobody)).toEqual(token)
  })

  test('that nobody has told of yet is covered by nothing', () => {
    const person = foldPersonWithdrawal(unknownPerson, byPerson(100))
    expect(coverToken(unknownToken, { ...nobody, person })).toBe(unknownToken)
  })

  test('of itself is withdrawn up to the latest instant, whatever the order', () => {
    const own = (at: number, command: string) =>
      consentWithdrawn({ token: '44' }, at, command).value
    const later = foldTokenEvent(token, own(300, 'w1'))
    expect(later.withdrawal).toEqual({ at: 300 })
    expect(foldTokenEvent(later, own(200, 'w2')).withdrawal).toEqual({ at: 300 })
    expect(
      foldTokenEvent(foldTokenEvent(token, own(200, 'w2')), own(300, 'w1')).withdrawal,
    ).toEqual({ at: 300 })
    const told = { ...own(300, 'w1'), type: 'TokenWithdrawn', tokenId: tokenIdOf('44') } as const
    expect(foldTokenEvent(token, told as never).withdrawal).toBeUndefined()
  })

  test('owes a fact that says so until that is told', () => {
    const person = foldPersonWithdrawal(unknownPerson, byPerson(100))
    const covered = coverToken(token, { ...nobody, person })
    const view = tokenView(covered)
    expect(view).toMatchObject({ state: 'withdrawn', isWithdrawalOwed: true })
    expect(tokenView(token)).not.toHaveProperty('isWithdrawalOwed')
    const listed = {
      tokenId: tokenIdOf('44'),
      view: view as never,
      consent: token.consent as never,
    }
    const fact = tokenWithdrawn(listed, { identity, calendar: { nowMs: 7, marginMs: 0 } })
    expect(fact).toEqual({
      ...{ type: 'TokenWithdrawn', tokenId: tokenIdOf('44'), pageId: PAGE, at: 7 },
      ...{ person: personOf('1'), topic: 'restock-1', reason: 'token-withdrawn' },
      eventId: identity.event('TokenWithdrawn', PAGE, [tokenIdOf('44')]),
    })
    expect(tokenView(foldTokenEvent(covered, fact))).not.toHaveProperty('isWithdrawalOwed')
  })

  test('[S1-26] owes each notice of its end once, under an id of its own', () => {
    const year = 100 + 365 * DAY_MS
    const at = (nowMs: number, known = token) => {
      const view = tokenView(known)
      const listed = { tokenId: tokenIdOf('44'), view, consent: known.consent } as never
      return noticeOf(listed, { identity, calendar: { nowMs, marginMs: 0 } })
    }
    expect(at(year - 30 * DAY_MS - 1)).toBeNull()
    const about = { tokenId: tokenIdOf('44'), pageId: PAGE, person: personOf('1') }
    const first = at(year - 30 * DAY_MS)
    expect(first).toMatchObject({ ...about, type: 'TokenExpiring', daysLeft: 30, expiresAt: year })
    expect(first).toMatchObject({ topic: 'restock-1', at: year - 30 * DAY_MS })
    expect(first?.eventId).toBe(identity.event('TokenExpiring', PAGE, [tokenIdOf('44'), '30']))
    const told = foldTokenEvent(token, first as never)
    expect(tokenView(told)).toMatchObject({ noticed: 30, state: 'live' })
    expect(at(year - 30 * DAY_MS, told)).toBeNull()
    expect(at(year, told)).toMatchObject({ daysLeft: 7 })
    const last = [7, 1].reduce((known) => foldTokenEvent(known, at(year, known) as never), told)
    const end = at(year, last)
    expect(end).toMatchObject({ ...about, type: 'TokenExpired', expiresAt: year, at: year })
    expect(end).not.toHaveProperty('daysLeft')
    expect(end?.eventId).toBe(identity.event('TokenExpired', PAGE, [tokenIdOf('44')]))
    expect(at(year, foldTokenEvent(last, end as never))).toBeNull()
  })
})

describe('a withdrawal speaks of a consent', () => {
  const consent = { pageId: PAGE, person: personOf('1'), topic: 'a', grantedAt: 100 }
  const all = { pageId: PAGE, person: null, topic: null, withdrawnAt: 100 }
  test.each([
    ['of its page', {}, true],
    ['of its person', { person: personOf('1') }, true],
    ['of its topic', { topic: 'a' }, true],
    ['of its person and topic', { person: personOf('1'), topic: 'a' }, true],
    ['of another page', { pageId: pageId('2') }, false],
    ['of another person', { person: personOf('2') }, false],
    ['of another topic', { topic: 'b' }, false],
    ['of its person and another topic', { person: personOf('1'), topic: 'b' }, false],
    ['of another person and its topic', { person: personOf('2'), topic: 'a' }, false],
    ['that came before it', { withdrawnAt: 99 }, false],
  ])('%s: %j', (_, scope, is) => {
    expect(isWithin(consent, { ...all, ...scope })).toBe(is)
  })

  test('is the same one when it comes again', () => {
    const person = foldPersonWithdrawal(unknownPerson, byPerson(100, 'a'))
    expect(foldPersonWithdrawal(person, byPerson(100, 'a'))).toBe(person)
    const page = foldTopicWithdrawal(unknownPage, byTopic(100))
    expect(foldTopicWithdrawal(page, byTopic(100))).toBe(page)
    expect(foldPersonWithdrawal(person, byPerson(200)).withdrawals).toHaveLength(2)
    const more = consentWithdrawn({ topic: 'b' }, 5, 'w9').value
    expect(foldTopicWithdrawal(page, more).withdrawals).toHaveLength(2)
  })
})
