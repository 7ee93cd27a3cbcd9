import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { createVerifyToken } from './verify-token-digest.ts'

const TOKEN = 'Grüße-42'
const { matches } = createVerifyToken(new Secret(TOKEN))

describe('the verify token [S1-41]', () => {
  test('matches itself, each time', () => {
    expect([matches(TOKEN), matches(TOKEN)]).toEqual([true, true])
  })

  test.each([
    ['nothing', ''],
    ['the start of it', TOKEN.slice(0, -1)],
    ['more than it', `${TOKEN}0`],
    ['another of its length', 'Grüße-43'],
    ['another case', TOKEN.toUpperCase()],
    ['another normal form', TOKEN.normalize('NFD')],
  ])('is not matched by %s, and no length makes it throw', (_, given) => {
    expect(matches(given)).toBe(false)
  })
})
