import { describe, expect, test } from 'vitest'
import { isTopic, readPayload, writePayload } from './topic-name.ts'

describe('a payload', () => {
  test('written by us is read back', () => {
    const payload = writePayload({ topic: 'restock-1234', context: 'shop.7~A' })
    expect(payload).toBe('otn1:restock-1234:shop.7~A')
    expect(readPayload(payload ?? '')).toEqual({
      kind: 'ours',
      topic: 'restock-1234',
      context: 'shop.7~A',
    })
  })

  test.each(['', 'restock-1234', '{"a":1}', 'otn2:a:b', ' otn1:a:b'])(
    '%j is foreign',
    (payload) => {
      expect(readPayload(payload)).toEqual({ kind: 'foreign' })
    },
  )

  test.each(['otn1:', 'otn1:a', 'otn1:A:b', 'otn1:a:b c', `otn1:${'a'.repeat(65)}:`, 'otn1:a:b\n'])(
    '%j looks like ours and is not',
    (payload) => {
      expect(readPayload(payload)).toEqual({ kind: 'malformed' })
    },
  )

  test('is not written for what could not be read back', () => {
    expect(writePayload({ topic: 'Restock', context: '' })).toBeNull()
    expect(writePayload({ topic: 'restock', context: 'Ada Lovelace' })).toBeNull()
  })
})

test.each([
  ['a', true],
  ['a'.repeat(64), true],
  ['a'.repeat(65), false],
  ['-a', false],
  ['在庫', false],
  ['', false],
])('%j as a topic: %s', (text, expected) => {
  expect(isTopic(text)).toBe(expected)
})
