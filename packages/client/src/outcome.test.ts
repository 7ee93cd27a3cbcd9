import type { NotificationEvent } from '@otn/contracts'
import { fold } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { commandFold } from './command-state.ts'
import { factBase } from './fake-log.ts'
import { explain, outcomeOf } from './outcome.ts'

const at = (attempt: number) => factBase('k', attempt)
const attempted = (k: number): NotificationEvent => ({
  type: 'NotificationAttempted',
  route: 'TOKEN',
  ...at(k),
})
const scheduled = (k: number): NotificationEvent => ({
  type: 'NotificationScheduled',
  reason: 'rate-limited',
  dueAt: 1_790_000_060_000,
  keyId: 'm1',
  sealed: Buffer.from('sealed'),
  ...at(k),
})
const sent: NotificationEvent = {
  type: 'NotificationSent',
  route: 'TOKEN',
  certainty: 'ECHOED',
  ...at(2),
}
const doubt: NotificationEvent = {
  type: 'NotificationInDoubt',
  reason: 'doubt-stands',
  ...at(2),
}
const failed: NotificationEvent = {
  type: 'NotificationFailed',
  reason: 'token-spent',
  tokenReleased: false,
  ...at(1),
}

function outcomeAfter(...facts: readonly NotificationEvent[]) {
  return outcomeOf(fold(commandFold, facts))
}

describe('the outcome of a command', () => {
  test('is pending before the first fact', () => {
    expect(outcomeAfter()).toEqual({ state: 'pending' })
  })

  test('is pending with the reason and the due time while it waits', () => {
    const waiting = { state: 'pending', reason: 'rate-limited', dueAt: 1_790_000_060_000 }
    expect(outcomeAfter(attempted(1), scheduled(1))).toMatchObject(waiting)
    expect(outcomeAfter(scheduled(1), attempted(1))).toMatchObject(waiting)
  })

  test('forgets why it waited once the next attempt has begun', () => {
    expect(outcomeAfter(attempted(1), scheduled(1), attempted(2))).toEqual({ state: 'pending' })
  })

  test('tells why nothing went out, who must act and what to do next', () => {
    expect(outcomeAfter(attempted(1), failed)).toMatchObject({
      state: 'failed',
      reason: 'token-spent',
      meaning: 'The token was spent',
      who: 'person',
      next: 'Ask for consent again.',
      tokenReleased: false,
    })
  })

  test('stays a doubt until evidence settles it', () => {
    expect(outcomeAfter(attempted(2), doubt)).toMatchObject({ state: 'in-doubt' })
    expect(outcomeAfter(attempted(2), doubt, sent)).toMatchObject({
      state: 'sent',
      certainty: 'ECHOED',
    })
  })

  test('is the same in every order of the facts, and with every fact twice', () => {
    const histories = [
      [attempted(1), scheduled(1), attempted(2)],
      [attempted(1), scheduled(1), attempted(2), scheduled(2)],
      [attempted(1), scheduled(1), attempted(2), doubt, sent],
      [failed, sent],
    ]
    for (const facts of histories) {
      const wanted = outcomeAfter(...facts)
      for (const order of orders(facts)) {
        expect(outcomeAfter(...order)).toEqual(wanted)
        expect(outcomeAfter(...order, ...order)).toEqual(wanted)
      }
    }
  })

  test('explains a reason younger than this build without failing', () => {
    expect(explain('brand-new')).toMatchObject({ reason: 'brand-new', who: 'caller' })
  })
})

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, at) =>
    orders(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  )
}
