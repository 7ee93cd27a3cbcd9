import { expect, test } from 'vitest'

import { createWitness } from './witness.ts'

const url = 'http://localhost/webhook'

test('a witness forgets the oldest, and never calls two things by one name', () => {
  const witness = createWitness()
  const body = Buffer.from('{}')
  for (let count = 0; count < 1_200; count += 1) {
    witness.sawPost({ url, body, signatures: null }, count)
  }
  const posts = witness.posts()
  expect(posts).toHaveLength(500)
  expect(posts.at(-1)).toMatchObject({ id: 'w1200', atMs: 1_199 })
  expect(new Set(posts.map(({ id }) => id)).size).toBe(500)
})

test('of a huge body the beginning is kept, and its true size', () => {
  const body = Buffer.alloc(10_000_000, 'a')
  const seen = createWitness().sawPost({ url, body, signatures: null }, 0)
  expect(seen.body.text).toHaveLength(65_536)
  expect(seen.body.bytes).toBe(10_000_000)
})
