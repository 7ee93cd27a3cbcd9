import { describe, expect, test } from 'vitest'
import { Random } from '../simulation/random.ts'
import { commandOf, nextStory } from './story.ts'

const stories = (seed: number, count: number) => {
  const random = new Random(seed)
  return Array.from({ length: count }, (_, at) => nextStory(random, `s-${at}`))
}

describe('the traffic of a cell', () => {
  test('follows from its seed alone', () => {
    expect(stories(3, 200)).toEqual(stories(3, 200))
    expect(stories(3, 200)).not.toEqual(stories(4, 200))
  })

  test('has every kind of trouble that product teams make', () => {
    const all = stories(1, 1_000)
    const wishes = all.flatMap((story) => story.wishes.map((wish) => ({ story, wish })))
    const has = (is: (one: (typeof wishes)[number]) => boolean) => wishes.some(is)
    expect(has(({ wish }) => wish.copies > 1)).toBe(true)
    expect(has(({ wish }) => wish.isPosted)).toBe(true)
    expect(has(({ wish }) => wish.waitMs !== null)).toBe(true)
    expect(has(({ story }) => !story.isConsented)).toBe(true)
    expect(has(({ story, wish }) => story.topic !== wish.topic)).toBe(true)
    const ways = new Set(wishes.map(({ wish }) => wish.way?.route ?? 'TOKEN'))
    expect([...ways].toSorted()).toEqual(['AUTO', 'TAG', 'TOKEN', 'WINDOW'])
    const cancels = new Set(wishes.map(({ wish }) => wish.isCancelled))
    expect(cancels).toEqual(new Set([undefined, 'before', 'after']))
    const questions = new Set(all.map((story) => story.questions?.length ?? 0))
    expect(questions).toEqual(new Set([0, 1, 2]))
    const racing = all.filter((story) => new Set(story.wishes.map(({ id }) => id)).size === 2)
    const reused = all.filter(
      ({ wishes: [first, second] }) =>
        second && first?.id === second.id && first.text !== second.text,
    )
    expect(Math.min(racing.length, reused.length)).toBeGreaterThan(10)
  })

  test('waits from the moment of its story on, and copies are the same command', () => {
    const wish = { id: 'w', topic: 't', text: 'x', copies: 2, isPosted: false, waitMs: 5 }
    const to = { page: '1000', psid: '2000', nowMs: 70 }
    expect(commandOf(wish, to)).toMatchObject({ notBefore: 75, requestedAt: 70, psid: '2000' })
    expect(commandOf(wish, to)).toEqual(commandOf(wish, to))
  })
})
