import { describe, expect, test } from 'vitest'
import { eventId } from './ids.ts'
import { type Latest, latest } from './latest.ts'

const said = (value: string, at: number, id = value) => ({ value, at, eventId: eventId(id) })
const after = (...statements: readonly ReturnType<typeof said>[]) =>
  statements.reduce<Latest<string> | null>(latest, null)

describe('what holds now', () => {
  test('was said by the latest fact, whatever order they came in', () => {
    expect(after(said('a', 1), said('b', 2))).toEqual({ value: 'b', at: 2, seen: ['b'] })
    expect(after(said('b', 2), said('a', 1))).toEqual({ value: 'b', at: 2, seen: ['b'] })
  })

  test('was said last in the log, of facts of one instant', () => {
    expect(after(said('a', 1), said('b', 1))).toEqual({ value: 'b', at: 1, seen: ['a', 'b'] })
    const known = after(said('a', 1), said('b', 1))
    expect(latest(known, said('a', 1))).toBe(known)
  })

  test('remembers the facts of its instant up to 64, so that nothing grows without bound', () => {
    const many = Array.from({ length: 100 }, (_, index) => said('v', 1, `e${index}`))
    expect(after(...many)?.seen).toHaveLength(64)
    expect(after(...many)?.seen.at(-1)).toBe('e99')
  })
})
