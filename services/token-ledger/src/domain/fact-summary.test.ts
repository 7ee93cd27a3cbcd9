import { commandId, eventId, messageId } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FACTS_MAX, type FactSummary, remember, summarise } from './fact-summary.ts'

const told = (name: string, at: number, reason: string | null = null) =>
  summarise({ eventId: eventId(name), type: 'NotificationFailed', at, reason })
const kept = (facts: readonly FactSummary[]) => facts.reduce(remember, [] as readonly FactSummary[])
const full = Array.from({ length: FACTS_MAX }, (_, index) => told(`e${index}`, index + 8))

describe('a fact in the history of a token', () => {
  test('says everything that it said, and null of all else', () => {
    const said = {
      ...{ eventId: eventId('e'), type: 'NotificationScheduled', at: 1, topic: 'a', reason: 'b' },
      ...{ commandId: commandId('c'), attempt: 2, certainty: 'ECHOED', messageId: messageId('m') },
      ...{ tokenReleased: false, graphCode: 0, graphSubcode: 0, dueAt: 0 },
    }
    const { eventId: id, type, at, ...others } = said
    expect(summarise({ ...said, sealed: 'x' } as FactSummary)).toEqual(said)
    const nothing = Object.fromEntries(Object.keys(others).map((name) => [name, null]))
    expect(summarise({ eventId: id, type, at })).toEqual({ eventId: id, type, at, ...nothing })
  })
})

describe('the history of a token', () => {
  test('stands in the order of time, whatever order its facts came in', () => {
    const instants = fc.shuffledSubarray([1, 2, 9, 10, 11, 100], { minLength: 6 })
    fc.assert(
      fc.property(instants, (order) => {
        const facts = kept(order.map((at) => told(`e${at}`, at)))
        expect(facts.map(({ at }) => at)).toEqual([1, 2, 9, 10, 11, 100])
      }),
    )
  })

  test('keeps the latest 64, whatever order they came in', () => {
    const many = [told('old', 1), ...full, told('new', 999)]
    for (const facts of [many, many.toReversed()]) {
      expect(kept(facts)).toHaveLength(FACTS_MAX)
      expect(kept(facts).map(({ at }) => at)).toEqual([...full.slice(1).map(({ at }) => at), 999])
    }
  })

  test('is the very same object after a fact older than all that it has room for', () => {
    const facts = kept(full)
    expect(remember(facts, told('old', 1))).toBe(facts)
    expect(remember(facts.slice(1), told('old', 1))).toHaveLength(FACTS_MAX)
  })

  test('has of one id the latest version, be it the oldest that there is room for', () => {
    const facts = kept(full)
    const [newer, older] = [told('e0', 9, 'newer'), told('e0', 7, 'older')]
    expect(remember(facts, older)).toBe(facts)
    const replaced = remember(facts, newer)
    expect(replaced.filter(({ eventId: id }) => id === 'e0')).toEqual([newer])
    expect(remember(replaced, full[0] ?? newer)).toBe(replaced)
    expect(replaced).toHaveLength(FACTS_MAX)
  })

  test('is one and the same after facts of one instant in any order', () => {
    const facts = ['c', 'a', 'b'].map((name) => told(name, 5))
    expect(kept(facts.toReversed())).toEqual(kept(facts))
  })
})
