import { expect, test } from 'vitest'
import { factId, sha256, shortDigest } from './digest.ts'

test('a digest is SHA-256 of the text in UTF-8, in hex', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(sha256('abc')).toBe(abc)
  expect(factId('a', ['b', 'c'])).toBe(sha256('a\nb\nc').slice(0, 32))
})

test('a short digest tells values apart, whatever order their members stand in', () => {
  expect(shortDigest({ a: 1, b: 2 })).toBe(shortDigest({ b: 2, a: 1 }))
  expect(shortDigest({ a: 1 })).not.toBe(shortDigest({ a: 2 }))
  expect(shortDigest({ a: 1 })).toHaveLength(22)
})
