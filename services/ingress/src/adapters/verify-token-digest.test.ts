import { Secret } from '@otn/kernel'
import { describe, expect, test } from 'vitest'
import { createVerifyToken } from './verify-token-digest.ts'

const TOKEN = 'Grüße-42'
const app = (appId: string, ...tokens: readonly string[]) => ({
  ...{ appId, appSecrets: [] },
  verifyTokens: tokens.map((token) => new Secret(token)),
})
const { matches: matchesOf } = createVerifyToken([app('1', TOKEN)])
const matches = (given: string) => matchesOf(given, null)

describe('the verify token [S1-41]', () => {
  test('matches itself, each time', () => {
    expect([matches(TOKEN), matches(TOKEN)]).toEqual([true, true])
  })

  test('of one app opens no other, and each of several does while one is rotated', () => {
    const two = createVerifyToken([app('1', 'newer-one', 'older-one'), app('2', 'of-two')])
    const through = (appId: string | null) =>
      ['newer-one', 'older-one', 'of-two'].map((token) => two.matches(token, appId))
    expect(through('1')).toEqual([true, true, false])
    expect(through('2')).toEqual([false, false, true])
    expect(through(null)).toEqual([true, true, true])
    expect(through('3')).toEqual([false, false, false])
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
