import { describe, expect, test } from 'vitest'

import { CALLBACK, event, scripted } from '../../test/scripted-queue.ts'
import { fairWeather } from '../domain/webhook-weather.ts'
import { DeliveryQueue } from './delivery-queue.ts'
import type { PostResult } from './post-webhook.ts'
import { retryDelayMs, retryProfiles } from './retry-profile.ts'

describe('a webhook', () => {
  test('goes out again, byte for byte, until it is answered 200 [S1-46]', async () => {
    const { queue, posts, turn, jump } = scripted([500, null, 204, 301])
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    await jump(1_000)
    await jump(1_000)
    await jump(1_000)
    expect([posts.length, queue.waiting()]).toEqual([4, 1])
    await jump(179_999)
    expect(posts).toHaveLength(4)
    await jump(1)
    expect([posts.length, queue.waiting()]).toEqual([5, 0])
    expect(new Set(posts.map(({ body }) => body.toString())).size).toBe(1)
    expect(new Set(posts.map(({ signatures }) => JSON.stringify(signatures))).size).toBe(1)
    expect(queue.log.recentFaults().map(({ status }) => status)).toEqual([500, null, 204, 301])
  })

  test('does not wait for one that fails', async () => {
    const { queue, posts, turn } = scripted([500])
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    queue.add(event(2))
    await turn()
    expect([posts.length, queue.waiting()]).toEqual([2, 1])
  })

  test('is lost when nobody has registered, for nothing is kept', async () => {
    const { queue, posts, turn } = scripted([])
    expect(queue.add(event(1))).toBe(false)
    queue.setCallback(CALLBACK)
    await turn()
    expect([posts.length, queue.log.lostCount()]).toEqual([0, 1])
  })

  test('shares a body with others that wait, up to the limit', async () => {
    const { queue, posts, turn } = scripted([], { weather: { eventsPerPostMax: 3 } })
    queue.setCallback(CALLBACK)
    for (const n of [1, 2, 3, 4]) queue.add(event(n))
    await turn()
    expect(posts.map(({ body }) => body.toString().match(/"n":/g)?.length)).toEqual([3, 1])
  })

  test('tells whoever waits for it how it went', async () => {
    const { queue, turn, jump } = scripted([503])
    queue.setCallback(CALLBACK)
    const told: unknown[] = []
    queue.add(event(1), (delivered) => told.push(delivered))
    await turn()
    expect(told).toEqual([])
    await jump(1_000)
    expect(told).toEqual([{ posts: 2, atMs: 1_000, tookMs: 1 }])
    await queue.settled()
  })

  test('is forgotten at the end, and nobody waits for it any more', async () => {
    const { queue, posts, turn, jump } = scripted([500])
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    const settled = queue.settled()
    queue.close()
    await settled
    await jump(3_600_000)
    expect(posts).toHaveLength(1)
  })
})

test('a post in flight at the end leaves no repeat behind', async () => {
  const { promise, resolve } = Promise.withResolvers<PostResult>()
  const entered: number[] = []
  const timetable = { at: (dueMs: number) => void entered.push(dueMs), close: () => {} }
  const queue = new DeliveryQueue({
    concurrency: 1,
    retry: retryProfiles.messenger,
    weather: fairWeather,
    secrets: { appSecret: 'secret', formerAppSecret: 'former' },
    draw: () => 0,
    nowMs: () => 0,
    retryTime: { nowMs: () => 0, timetable },
    post: () => promise,
  })
  queue.setCallback(CALLBACK)
  queue.add(event(1))
  await Promise.resolve()
  queue.close()
  resolve({ status: 500, fault: null, reason: null, tookMs: 1 })
  await promise
  await Promise.resolve()
  expect(entered).toEqual([])
})

test.each([
  ['messenger', [1_000, 1_000, 1_000, 180_000, 180_000]],
  ['graph36h', [1_000, 60_000, 120_000, 240_000, 480_000]],
] as const)('the profile %s spaces its repeats', (name, delays) => {
  expect(delays.map((_, index) => retryDelayMs(retryProfiles[name], index + 1))).toEqual(delays)
})
