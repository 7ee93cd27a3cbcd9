import { expect, test } from 'vitest'

import { seededIds } from './ids.ts'

test('equal seeds draw equal ids, whatever other kinds were drawn between', () => {
  const [one, other] = [seededIds('a'), seededIds('a')]
  other.messageId()
  other.draw()
  expect([one.token(), one.token(), one.psid()]).toEqual([
    other.token(),
    other.token(),
    other.psid(),
  ])
  expect(seededIds('b').token()).not.toBe(seededIds('a').token())
})

test('ids have the forms that are seen on the wire, beyond what a double holds', () => {
  const ids = seededIds('forms')
  expect(ids.token()).toMatch(/^44\d{16}$/)
  expect(ids.psid()).toMatch(/^2\d{16}$/)
  expect(ids.messageId()).toMatch(/^m_[A-Za-z0-9_-]{86}$/)
  expect(ids.traceId()).toMatch(/^[A-Za-z0-9+/]{11}$/)
  expect(ids.challenge()).toMatch(/^1\d{9}$/)
  expect(Number.isSafeInteger(Number(ids.token()))).toBe(false)
})

test('100,000 tokens of one seed are 100,000 different tokens', () => {
  const ids = seededIds('many')
  const tokens = new Set(Array.from({ length: 100_000 }, () => ids.token()))
  expect(tokens.size).toBe(100_000)
})

test('draws are spread evenly between 0 and 1', () => {
  const ids = seededIds('even')
  const draws = Array.from({ length: 10_000 }, () => ids.draw())
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...draws)).toBeLessThan(1)
  expect(draws.filter((draw) => draw < 0.25).length / draws.length).toBeCloseTo(0.25, 1)
})
