import { describe, expect, test } from 'vitest'
import { DECIDING_TOPICS, type DecidingTopic, type Offsets, reaches } from './freshness.ts'

type Read = readonly (readonly [number, bigint])[]

const offsets = (told: Partial<Record<DecidingTopic, Read>>): Offsets => {
  const of = (topic: DecidingTopic) => new Map(told[topic] ?? [])
  const [optIn, engagement] = [of('optIn'), of('engagement')]
  const calls = {
    notification: of('notification'),
    optInRequestEvent: of('optInRequestEvent'),
  }
  return { optIn, engagement, ...calls, token: of('token') }
}
const both = [
  [1, 3n],
  [2, 3n],
] as const
const everywhere = (next: bigint) =>
  offsets(Object.fromEntries(DECIDING_TOPICS.map((topic) => [topic, [[0, next]]])))

describe('an answer of the ledger is young enough to say no', () => {
  test('once the ledger has read as far as the log was, and not one record earlier', () => {
    expect(reaches(everywhere(5n), everywhere(5n))).toBe(true)
    expect(reaches(everywhere(6n), everywhere(5n))).toBe(true)
    expect(reaches(everywhere(4n), everywhere(5n))).toBe(false)
  })

  test.each(DECIDING_TOPICS)('only where it has read far enough in %s as well', (topic) => {
    const has = { ...everywhere(5n), [topic]: new Map([[0, 4n]]) }
    expect(reaches(has, everywhere(5n))).toBe(false)
  })

  test('only where it has read what questions did to tokens', () => {
    const asked = offsets({ optInRequestEvent: [[0, 5n]] })
    expect(reaches(offsets({ optInRequestEvent: [[0, 4n]] }), asked)).toBe(false)
    expect(reaches(asked, asked)).toBe(true)
  })

  test('only where every partition that matters is read, and no other one counts', () => {
    const needs = offsets({ token: both })
    expect(reaches(offsets({ token: both }), needs)).toBe(true)
    expect(reaches(offsets({ token: both.slice(0, 1) }), needs)).toBe(false)
    expect(reaches(offsets({ token: [[7, 9n]] }), offsets({ token: [[1, 1n]] }))).toBe(false)
  })

  test('where nothing stood on the log, though it never read of it', () => {
    expect(reaches(offsets({}), everywhere(0n))).toBe(true)
  })
})
