import type { TokenEvent } from '@otn/contracts'
import { eventId, pageId, personId, tokenId } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { type Correction, correct } from './correction.ts'

const who = { pageId: pageId('1000'), person: personId('p'), tokenId: tokenId('t') }
const assign = (topic: string, at: number, id = topic): TokenEvent => ({
  ...{ ...who, type: 'TokenTopicAssigned', topic, at, eventId: eventId(id) },
})
const withdraw = (at: number): TokenEvent => ({
  ...{ ...who, type: 'TokenWithdrawn', at, eventId: eventId('w'), reason: 'token-withdrawn' },
})
const expiring = (at: number, id: string): TokenEvent => ({
  ...{ ...who, type: 'TokenExpiring', at, eventId: eventId(id), expiresAt: 9, daysLeft: 7 },
})
const after = (...events: readonly TokenEvent[]) => events.reduce<Correction | null>(correct, null)
/** More facts than a history keeps, all of them young. */
const storm = Array.from({ length: 80 }, (_, index) => assign('a', index + 100, `e${index}`))

describe('what was said of a token', () => {
  test('is its latest topic and no withdrawal, where nobody withdrew it', () => {
    expect(after(assign('a', 1), assign('b', 2))).toMatchObject({
      ...{ isWithdrawn: false, topic: { value: 'b', at: 2 } },
    })
    expect(after(assign('a', 1))?.facts).toHaveLength(1)
  })

  test('is a withdrawal for good, and the topic that it had all the same', () => {
    const known = after(assign('a', 1), withdraw(2), assign('b', 3))
    expect(known).toMatchObject({ isWithdrawn: true, topic: { value: 'b' } })
  })

  test('is a withdrawal though it came late, older than all facts that are kept', () => {
    const known = after(...storm, withdraw(1))
    expect(known?.isWithdrawn).toBe(true)
    expect(known?.facts.some(({ type }) => type === 'TokenWithdrawn')).toBe(false)
  })

  test('is a topic though it came late, older than all facts that are kept', () => {
    const told = Array.from({ length: 80 }, (_, index) => expiring(index + 100, `e${index}`))
    expect(after(...told, assign('a', 1))?.topic?.value).toBe('a')
  })

  test('is in its history, be it told for others and no correction', () => {
    expect(after(expiring(1, 'e'))).toMatchObject({
      ...{ isWithdrawn: false, topic: null, facts: [{ type: 'TokenExpiring' }] },
    })
    expect(after(assign('a', 1), expiring(2, 'e'))?.facts).toHaveLength(2)
  })

  test('is the very same object after a fact that it knows', () => {
    const known = after(withdraw(2), assign('a', 1))
    expect(correct(known, withdraw(2))).toBe(known)
    expect(correct(known, assign('a', 1))).toBe(known)
    const full = after(...storm)
    expect(correct(full, assign('b', 1))).toBe(full)
  })
})
