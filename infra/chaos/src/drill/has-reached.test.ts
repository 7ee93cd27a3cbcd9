import { expect, test } from 'vitest'
import { hasReached } from './has-reached.ts'

test('a reader has reached the end where it has read every partition of every Kafka topic', () => {
  const ends = { optin: [2n, 0n], notify: [5n] }
  expect(hasReached({ optin: [2n, 0n], notify: [6n] }, ends)).toBe(true)
  expect(hasReached({ optin: [1n, 0n], notify: [5n] }, ends)).toBe(false)
  expect(hasReached({ optin: [2n], notify: [5n] }, ends)).toBe(false)
  expect(hasReached({ optin: [2n, 0n] }, ends)).toBe(false)
  expect(hasReached(undefined, ends)).toBe(false)
})
