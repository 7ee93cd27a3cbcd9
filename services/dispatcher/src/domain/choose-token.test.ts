import { tokenId as id } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NOW, notify, PERSON, T1, T2 } from '../../test/support/command-facts.ts'
import { chooseTokens, holdsLive, type ProposedToken, payingChoice } from './choose-token.ts'

const nowhere = new Map<number, bigint>()
const asOf = {
  optIn: nowhere,
  engagement: nowhere,
  notification: nowhere,
  optInRequestEvent: nowhere,
  token: nowhere,
}

const token = (values: Partial<ProposedToken> = {}): ProposedToken => ({
  ...{ tokenId: T1, topic: 'restock-1234', state: 'live', expiresAt: NOW + 1, refusals: 0 },
  ...{ grantedAt: NOW },
  ...{ eventId: 'e', keyId: 'k1', sealed: Buffer.alloc(0) },
  ...values,
})

function choose(tokens: readonly ProposedToken[], values = {}, pinned: typeof T1 | null = null) {
  const answer = { asOf, person: PERSON, windowOpenUntil: null, tokens }
  return chooseTokens({ notify: notify(values), pinned, answer, nowMs: NOW })
}

describe('a token that pays for a question', () => {
  const answer = (...tokens: readonly ProposedToken[]) => {
    return { asOf, person: PERSON, windowOpenUntil: null, tokens }
  }

  test('is the one that is named, whatever its topic', () => {
    const other = token({ tokenId: T2, topic: 'flight' })
    expect(payingChoice(answer(token(), other), T2, NOW)).toEqual({
      kind: 'spend',
      tokens: [other],
    })
  })

  test('must be known, live and within its year', () => {
    const refusal = (of: ProposedToken) => payingChoice(answer(of), T1, NOW)
    expect(payingChoice(answer(), T1, NOW)).toMatchObject({ reason: 'token-unknown' })
    expect(refusal(token({ tokenId: T2 }))).toMatchObject({ reason: 'token-unknown' })
    expect(refusal(token({ expiresAt: NOW }))).toMatchObject({ reason: 'token-expired' })
    expect(refusal(token({ state: 'redeemed' }))).toMatchObject({ reason: 'token-spent' })
  })

  test('[S1-20] nobody is asked for what they agreed to: a live token of the very topic', () => {
    const holds = (of: ProposedToken) => holdsLive(answer(of), 'restock-1234', NOW)
    expect(holds(token())).toBe(true)
    expect(holds(token({ topic: 'flight' }))).toBe(false)
    expect(holds(token({ expiresAt: NOW }))).toBe(false)
    expect(holds(token({ state: 'redeemed' }))).toBe(false)
    expect(holdsLive(answer(token({ topic: 'flight' }), token()), 'restock-1234', NOW)).toBe(true)
    expect(holdsLive(answer(), 'restock-1234', NOW)).toBe(false)
  })
})

describe('the tokens of a person', () => {
  test('are tried fewest refusals first, then the one that expires first', () => {
    const tired = token({ tokenId: id('a'), refusals: 1 })
    const late = token({ tokenId: id('b'), expiresAt: NOW + 9 })
    const soon = token({ tokenId: id('c'), expiresAt: NOW + 2 })
    const chosen = choose([tired, late, soon])
    expect(chosen).toEqual({ kind: 'spend', tokens: [soon, late, tired] })
  })

  test('that are alike are tried in the order of their ids, as the ledger tells them', () => {
    const [a, b] = [token({ tokenId: id('a') }), token({ tokenId: id('b') })]
    expect(choose([b, a])).toEqual({ kind: 'spend', tokens: [a, b] })
  })

  test('are tried in the same order whatever order the ledger told them in', () => {
    const some = fc.uniqueArray(
      fc.record({
        n: fc.nat(99),
        refusals: fc.nat(2),
        expiresAt: fc.integer({ min: NOW + 1, max: NOW + 3 }),
      }),
      { selector: ({ n }) => n, minLength: 1, maxLength: 6 },
    )
    const shuffled = some.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, ([list, again]) => {
        const named = (row: (typeof list)[number]) => token({ ...row, tokenId: id(`t${row.n}`) })
        expect(choose(again.map(named))).toEqual(choose(list.map(named)))
      }),
    )
  })

  test.each([
    [[], 'no-live-token'],
    [['redeemed'], 'token-spent'],
    [['redeemed', 'reserved'], 'token-held'],
    [['in-doubt', 'withdrawn'], 'token-held'],
    [['withdrawn', 'redeemed'], 'token-withdrawn'],
    [['expired', 'rejected'], 'token-expired'],
    [['rejected'], 'token-rejected'],
  ])('in states %j lead to %s', (states, reason) => {
    const tokens = states.map((state) => token({ state }))
    expect(choose(tokens)).toEqual({ kind: 'refuse', reason })
  })

  test('[S1-17] of another topic, or of none, are not touched', () => {
    const others = [token({ topic: 'other' }), token({ topic: null })]
    const refusal = { kind: 'refuse', reason: 'no-live-token' }
    expect(choose(others)).toEqual(refusal)
    expect(choose([token({ topic: null })], { topic: null })).toEqual(refusal)
  })

  test('[S1-17] are spent for the very topic that they were given for, whichever was sent', () => {
    const topics = ['restock-1', 'restock-10', 'restock', 'sale', 'sale-1', null]
    for (const asked of topics) {
      for (const sent of topics) {
        const isAgreed = asked !== null && asked === sent
        const held = token({ topic: asked })
        expect(choose([held], { topic: sent }).kind).toBe(isAgreed ? 'spend' : 'refuse')
        const named = choose([held], { topic: sent, psid: null, tokenId: T1 })
        expect(named.kind).toBe(isAgreed ? 'spend' : 'refuse')
      }
    }
  })

  test('[S1-17] of another topic are refused with both topics by name', () => {
    const named = choose([token({ topic: 'sale' })], { psid: null, tokenId: T1, topic: 'outlet' })
    const detail = 'the token was given for sale, the command is about outlet'
    expect(named).toMatchObject({ kind: 'refuse', reason: 'topic-mismatch', ruling: { detail } })
  })

  test('expire by our clock, to the millisecond, though the ledger still calls them live', () => {
    expect(choose([token({ expiresAt: NOW + 1 })]).kind).toBe('spend')
    const refusal = { kind: 'refuse', reason: 'token-expired' }
    expect(choose([token({ expiresAt: NOW })])).toEqual(refusal)
  })
})

describe('a token named by its id', () => {
  const named = { psid: null, tokenId: T1 }

  test.each([
    [token(), 'spend'],
    [token({ tokenId: T2 }), 'token-unknown'],
    [token({ topic: 'other' }), 'topic-mismatch'],
    [token({ topic: null }), 'topic-unmapped'],
    [token({ state: 'reserved' }), 'token-held'],
    [token({ state: 'redeemed' }), 'token-spent'],
    [token({ state: 'rejected' }), 'token-rejected'],
    [token({ state: 'withdrawn' }), 'token-withdrawn'],
    [token({ expiresAt: NOW }), 'token-expired'],
    [token({ state: 'of a later build' }), 'no-live-token'],
  ])('%#: %s', (proposed, outcome) => {
    const chosen = choose([proposed], named)
    expect(chosen.kind === 'spend' ? 'spend' : chosen.reason).toBe(outcome)
  })
})

describe('the token that a command is pinned to', () => {
  test('is spent by that command alone, though it is reserved or in doubt', () => {
    for (const state of ['live', 'reserved', 'in-doubt']) {
      const pinned = token({ state })
      const chosen = choose([token({ tokenId: T2 }), pinned], {}, T1)
      expect(chosen).toEqual({ kind: 'spend', tokens: [pinned] })
    }
  })

  test.each(['redeemed', 'withdrawn', 'expired', 'rejected'])('is left alone when %s', (state) => {
    expect(choose([token({ state })], {}, T1).kind).toBe('refuse')
  })

  test('is left alone where the ledger does not know it, though another one is live', () => {
    const other = token({ tokenId: T2 })
    expect(choose([other], {}, T1)).toEqual({ kind: 'refuse', reason: 'token-unknown' })
  })

  test('is left alone after its year', () => {
    const expired = token({ state: 'reserved', expiresAt: NOW })
    expect(choose([expired], {}, T1)).toEqual({ kind: 'refuse', reason: 'token-expired' })
  })
})
