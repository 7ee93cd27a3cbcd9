import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pluggedIn, referred } from '../../test/engagement-facts.ts'
import { attributionOf, type Entry, withEntry } from './entry.ts'

const came = (at: number, source: string | null = 'SHORTLINK') =>
  referred({ psid: '11', at }, { source, ref: 'summer' }).value
const after = (...events: readonly Parameters<typeof withEntry>[1][]) =>
  events.reduce<readonly Entry[]>(withEntry, [])

describe('how a person came [S1-10, S1-11]', () => {
  test('is the word of the platform, the first of them, whatever they are told in', () => {
    expect(attributionOf(after(came(2, 'ADS'), came(1)))).toBe('SHORTLINK')
    expect(attributionOf(after(pluggedIn({ psid: '11', at: 1 }, { ref: 'a' }).value))).toBe(
      'plugin',
    )
  })

  test('is unknown where nobody says so, and nothing later makes up for it', () => {
    expect(attributionOf([])).toBe('unknown')
    expect(attributionOf(after(came(1, null), came(2)))).toBe('unknown')
  })

  test('is kept sealed as it came, and a repeat that is sealed anew changes nothing', () => {
    const [first, repeat] = [came(1), came(1)]
    expect(repeat.sealed.equals(first.sealed)).toBe(false)
    const entries = after(first)
    expect(withEntry(entries, repeat)).toBe(entries)
    expect(entries[0]?.sealed.equals(first.sealed)).toBe(true)
  })

  test('is the first and the latest twenty, in whatever order they are told', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 40 }, (_, n) => n + 1)), (order) => {
        const entries = after(...order.map((at) => came(at)))
        const sorted = order.toSorted((a, b) => a - b)
        const wanted = sorted.filter((_, index) => index === 0 || index >= sorted.length - 20)
        expect(entries.map(({ at }) => at)).toEqual(wanted)
        for (const at of order) expect(withEntry(entries, came(at))).toBe(entries)
      }),
    )
  })
})
