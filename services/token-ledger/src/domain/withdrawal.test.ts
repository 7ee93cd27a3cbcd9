import { describe, expect, test } from 'vitest'
import { consentWithdrawn } from '../../test/facts.ts'
import { type Withdrawals, withdraw, withdrawnAt } from './withdrawal.ts'

const after = (...said: Parameters<typeof consentWithdrawn>[]): Withdrawals =>
  said.reduce<Withdrawals>((known, one) => withdraw(known, consentWithdrawn(...one).value), [])
const ofAll = after([{ psid: '1' }, 100])
const ofTopic = after([{ psid: '1', topic: 'a' }, 100])

describe('a withdrawal', () => {
  test('covers what was granted up to its millisecond, and nothing later [S0-02]', () => {
    const granted = (grantedAt: number) => withdrawnAt(ofAll, { topic: 'a', grantedAt })
    expect([granted(99), granted(100), granted(101)]).toEqual([100, 100, null])
  })

  test('of a topic covers no other one, nor a token that no rule names a topic for', () => {
    const granted = (topic: string | null) => withdrawnAt(ofTopic, { topic, grantedAt: 1 })
    expect([granted('a'), granted('b'), granted(null)]).toEqual([100, null, null])
    expect(withdrawnAt(ofAll, { topic: null, grantedAt: 1 })).toBe(100)
  })

  test('holds to its latest instant, whatever the order they were told in', () => {
    const one = [{ psid: '1', topic: 'a' }, 100, 'w1'] as const
    const two = [{ psid: '1', topic: 'a' }, 200, 'w2'] as const
    const all = [{ psid: '1' }, 150, 'w3'] as const
    const known = after([...one], [...two], [...all])
    expect(after([...all], [...two], [...one])).toEqual(known)
    expect(withdrawnAt(known, { topic: 'a', grantedAt: 1 })).toBe(200)
    expect(withdrawnAt(known, { topic: 'b', grantedAt: 1 })).toBe(150)
  })

  test('is kept in the order of topics, all of them first', () => {
    const known = after(
      ...(['b', 'a', undefined, 'c'] as const).map((topic, n) => {
        return [{ psid: '1', ...(topic ? { topic } : {}) }, 100 + n, `w${n}`] as [
          object,
          number,
          string,
        ]
      }),
    )
    expect(known.map(({ topic }) => topic)).toEqual([null, 'a', 'b', 'c'])
  })

  test('told by another command is remembered by both, at the same instant', () => {
    const twice = withdraw(ofTopic, consentWithdrawn({ psid: '1', topic: 'a' }, 100, 'w2').value)
    expect(twice[0]).toMatchObject({ at: 100 })
    expect(twice[0]?.facts).toHaveLength(2)
  })

  test('that is known changes nothing, and what told it is remembered', () => {
    expect(withdraw(ofTopic, consentWithdrawn({ psid: '1', topic: 'a' }, 100).value)).toBe(ofTopic)
    expect(ofTopic[0]?.facts).toHaveLength(1)
  })
})
