import { accountId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linked, unlinked } from '../../test/engagement-facts.ts'
import { identity, PAGE } from '../../test/facts.ts'
import { type Accounts, linkAccount, linkedTo, standingLink, unlinkAccount } from './account.ts'

const account = (user: string) => identity.account(PAGE, user)
const SEVEN = account('customer-7')

/** Links (to a user) and unlinks (null) of one person, each at its own instant. */
type Step = readonly [at: number, user: string | null]

function after(psid: string, steps: readonly Step[], known?: Accounts): Accounts {
  const none: Accounts = { current: null, links: [] }
  return steps.reduce((accounts, [at, user]) => {
    if (user === null) return unlinkAccount(accounts, unlinked({ psid, at }).value)
    return linkAccount(accounts, linked({ psid, at }, user).value, account(user))
  }, known ?? none)
}
const named = (people: Readonly<Record<string, readonly Step[]>>, user = 'customer-7') =>
  linkedTo(
    account(user),
    Object.entries(people).map(([key, steps]) => ({ key, accounts: after(key, steps) })),
  )?.key ?? null

describe('an account [S1-12]', () => {
  test('names who linked it, until they unlink', () => {
    expect(named({ 11: [[1, 'customer-7']] })).toBe('11')
    expect(named({ 11: [[1, 'customer-7']] }, 'customer-8')).toBeNull()
    const steps: readonly Step[] = [
      [1, 'customer-7'],
      [2, null],
    ]
    expect(named({ 11: steps })).toBeNull()
    expect(named({ 11: [...steps, [3, 'customer-7']] })).toBe('11')
  })

  test('is another one once the person links another', () => {
    const steps: readonly Step[] = [
      [1, 'customer-7'],
      [2, 'customer-8'],
    ]
    expect(named({ 11: steps })).toBeNull()
    expect(named({ 11: steps }, 'customer-8')).toBe('11')
  })

  test('goes to whoever links it last, and never back by itself', () => {
    const first: readonly Step[] = [[1, 'customer-7']]
    const second: readonly Step[] = [[2, 'customer-7']]
    expect(named({ 11: first, 12: second })).toBe('12')
    expect(named({ 11: first, 12: [...second, [3, null]] })).toBeNull()
    expect(named({ 11: first, 12: [...second, [3, 'customer-8']] })).toBeNull()
    const again: readonly Step[] = [...first, [4, 'customer-7']]
    expect(named({ 11: again, 12: [...second, [3, null]] })).toBe('11')
  })

  test('that two people link within a millisecond names neither of them', () => {
    expect(named({ 11: [[5, 'customer-7']], 12: [[5, 'customer-7']] })).toBeNull()
  })

  test('whose seal does not open is nobody, and ends the link before it', () => {
    const before = after('11', [[1, 'customer-7']])
    const unreadable = linkAccount(before, linked({ psid: '11', at: 2 }, 'customer-8').value, null)
    expect(standingLink(unreadable)).toBeNull()
    expect(linkedTo(SEVEN, [{ key: '11', accounts: unreadable }])).toBeNull()
  })
})

describe('the accounts of a person', () => {
  const steps = fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom<(string | null)[]>('customer-7', 'customer-8', null),
    ),
    { maxLength: 12 },
  )

  test('are not changed by facts that come again, in their order, though sealed anew', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (told, from) => {
        const once = after('11', told)
        const again = after('11', told.slice(from % (told.length + 1)), once)
        expect(again).toEqual(once)
      }),
    )
  })

  test('are as many as are held: of more the latest count', () => {
    const many = Array.from({ length: 40 }, (_, n): Step => [n + 1, `customer-${n}`])
    const { links } = after('11', many)
    expect(links).toHaveLength(32)
    expect(Math.min(...links.map(({ at }) => at))).toBe(9)
    const order = links.map((link) => link.account)
    expect(order).toEqual([...order].sort())
    expect(order).not.toContain(accountId(account('customer-0')))
  })
})
