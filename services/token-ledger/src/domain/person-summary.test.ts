import { pageId, personId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PersonSummary, withToken } from './person-summary.ts'
import type { TokenView } from './token.ts'

const person = personId('p')
const token = (told: Partial<TokenView>): TokenView => ({
  ...{ pageId: pageId('1000'), person, topic: 'a', state: 'live', grantedAt: 5, refusals: 0 },
  ...told,
})
const after = (...tokens: readonly TokenView[]) =>
  tokens.reduce<PersonSummary | undefined>((known, one) => withToken(known, one, 4), undefined)

describe('what is listed of a person', () => {
  test('is how many tokens, how many of them live, of which topics, and when the last was given', () => {
    const old = token({ grantedAt: 3, topic: 'b' })
    const spent = token({ state: 'redeemed', grantedAt: 9, topic: null })
    expect(after(token({}), old, spent, token({ topic: 'A' }))).toEqual({
      ...{ person, tokens: 4, live: 2, topics: ['A', 'a', 'b'], lastGrantedAt: 9 },
    })
  })

  test('is the same in whatever order the tokens come [S1-40]', () => {
    const tokens = fc.array(
      fc.record({
        topic: fc.constantFrom('a', 'b', null),
        state: fc.constantFrom('live' as const, 'redeemed' as const),
        grantedAt: fc.nat({ max: 9 }),
      }),
    )
    fc.assert(
      fc.property(tokens, (told) => {
        const made = told.map(token)
        expect(after(...made.toReversed())).toEqual(after(...made))
      }),
    )
  })
})
