import { describe, expect, test } from 'vitest'
import { callEvent } from '../../test/call-event.ts'
import { refusalsIn, type Spending, spend } from './spending.ts'
import type { CallEvent } from './standing.ts'

const after = (...events: readonly CallEvent[]) => events.reduce<Spending | null>(spend, null)
const bare = { tokenReleased: true, graphCode: 100 }

describe('what calls did to a token', () => {
  test('is nothing where no fact speaks of it', () => {
    expect(after(callEvent('NotificationFailed', { attempt: 0 }))).toBeNull()
    expect(refusalsIn(null)).toBe(0)
  })

  test('is told by command, in the order of their ids, by the highest attempt of each', () => {
    const events = [
      callEvent('NotificationAttempted', { command: 'b' }),
      callEvent('NotificationScheduled', { command: 'a', attempt: 1, tokenReleased: true }),
      callEvent('NotificationAttempted', { command: 'a', attempt: 2 }),
    ]
    for (const told of [events, events.toReversed()]) {
      expect(after(...told)?.commands).toEqual([
        { commandId: 'a', attempt: 2, standing: 'attempted' },
        { commandId: 'b', attempt: 1, standing: 'attempted' },
      ])
    }
  })

  test('is a message for ever, whatever a later attempt says', () => {
    const events = [
      callEvent('NotificationSent', { attempt: 1 }),
      callEvent('NotificationAttempted', { attempt: 2 }),
      callEvent('NotificationFailed', { attempt: 3, tokenReleased: true }),
    ]
    for (const told of [events, events.toReversed()]) {
      expect(after(...told)?.commands).toMatchObject([{ attempt: 1, standing: 'sent' }])
    }
    const [first, second] = [1, 2].map((attempt) => callEvent('NotificationSent', { attempt }))
    if (!first || !second) throw new Error('no facts')
    expect(after(second, first)?.commands).toMatchObject([{ attempt: 2 }])
  })

  test('keeps counting where facts are older than all that are kept', () => {
    const storm = Array.from({ length: 100 }, (_, index) =>
      callEvent('NotificationFailed', { ...bare, command: `c${index}`, at: 100 - index }),
    )
    expect(refusalsIn(after(...storm))).toBe(100)
    expect(after(...storm)?.facts).toHaveLength(64)
  })
})
