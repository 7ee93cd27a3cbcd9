import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { describe, expect, test } from 'vitest'

import { CALLBACK, event, scripted } from '../../test/scripted-queue.ts'
import { retryProfiles } from './retry-profile.ts'

/** Lets time pass minute by minute, as it does for whoever waits. */
async function pass(jump: (ms: number) => Promise<void>, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += MINUTE_MS) await jump(MINUTE_MS)
}

describe('a callback that does not answer 200, with the profile messenger', () => {
  test('is alerted after 15 minutes and unsubscribed after an hour [S1-43] [S1-47]', async () => {
    const { queue, turn, jump, postedAtMs } = scripted(() => 503)
    const unsubscribed: (readonly string[])[] = []
    queue.onDisabled((pageIds) => unsubscribed.push(pageIds))
    queue.setCallback(CALLBACK)
    queue.add(event(1, '1000'))
    queue.add(event(2, '1001'))
    await turn()
    await pass(jump, 14 * MINUTE_MS)
    expect([queue.failingSinceMs(), queue.log.alerts()]).toEqual([0, []])
    await pass(jump, 4 * MINUTE_MS)
    expect(queue.log.alerts()).toMatchObject([{ kind: 'webhooks-failing' }])
    await pass(jump, 38 * MINUTE_MS)
    expect([queue.isDisabled(), queue.waiting(), unsubscribed]).toEqual([false, 2, []])
    await pass(jump, 10 * MINUTE_MS)
    expect([queue.isDisabled(), queue.waiting(), unsubscribed]).toEqual([
      true,
      0,
      [['1000', '1001']],
    ])
    expect(queue.log.alerts().map(({ kind }) => kind)).toEqual([
      'webhooks-failing',
      'webhooks-disabled',
    ])
    const postsBefore = postedAtMs.length
    await pass(jump, HOUR_MS)
    expect(postedAtMs).toHaveLength(postsBefore)
  })

  test('gets deliveries back when it registers again, not what was lost [S1-43]', async () => {
    let status = 500
    const { queue, turn, jump, numbers } = scripted(() => status)
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    await pass(jump, HOUR_MS + 5 * MINUTE_MS)
    expect(queue.add(event(2))).toBe(false)
    status = 200
    queue.setCallback(CALLBACK)
    queue.add(event(3))
    await turn()
    expect(numbers().at(-1)).toEqual([3])
    expect(numbers().flat()).not.toContain(2)
    expect(queue.log.lostCount()).toBe(2)
    expect(queue.log.lostEvents()).toMatchObject([
      { field: 'messages', pageId: '1000', reason: 'webhooks-disabled' },
      { reason: 'webhooks-disabled' },
    ])
  })

  test('is forgiven by one answer of 200, and by nothing less [S1-45]', async () => {
    const { queue, turn, jump } = scripted((nowMs) => (nowMs < 50 * MINUTE_MS ? 204 : 200))
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    await pass(jump, 49 * MINUTE_MS)
    expect([queue.failingSinceMs(), queue.waiting()]).toEqual([0, 1])
    await pass(jump, 30 * MINUTE_MS)
    expect([queue.failingSinceMs(), queue.waiting(), queue.isDisabled()]).toEqual([null, 0, false])
  })

  test('is not disabled by a jump of the clock in the middle of a short failure', async () => {
    const { queue, turn, jump } = scripted([500, 500, 500])
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    await jump(365 * DAY_MS)
    expect([queue.waiting(), queue.isDisabled()]).toEqual([1, false])
    await jump(1_000)
    await jump(1_000)
    expect([queue.waiting(), queue.isDisabled(), queue.log.lostCount()]).toEqual([0, false, 0])
  })
})

test('with the profile graph36h repeats grow rarer and end after 36 hours', async () => {
  const { queue, turn, jump, postedAtMs } = scripted(() => null, { retry: retryProfiles.graph36h })
  queue.setCallback(CALLBACK)
  queue.add(event(1))
  await turn()
  await pass(jump, 35 * HOUR_MS)
  const waits = postedAtMs.slice(1).map((atMs, index) => atMs - (postedAtMs[index] ?? 0))
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect([queue.waiting(), queue.isDisabled()]).toEqual([1, false])
  await pass(jump, 3 * HOUR_MS)
  const posts = postedAtMs.length
  await pass(jump, DAY_MS)
  expect([queue.waiting(), postedAtMs.length]).toEqual([0, posts])
  expect(queue.log.lostEvents()).toMatchObject([{ reason: 'repeated-too-long' }])
})

test('a recent error names time, page, reason, body and how often it went out [S1-50]', async () => {
  const { queue, turn, jump } = scripted([500, null])
  queue.setCallback(CALLBACK)
  queue.add(event(1))
  await turn()
  await jump(1_000)
  await jump(1_000)
  const common = {
    pageIds: ['1000'],
    events: 1,
    bodySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  }
  expect(queue.log.recentFaults()).toEqual([
    { ...common, atMs: 0, reason: 'status', status: 500, fault: null, posts: 1 },
    { ...common, atMs: 1_000, reason: 'connection', status: null, fault: null, posts: 2 },
  ])
  const [first, second] = queue.log.recentFaults()
  expect(first?.bodySha256).toBe(second?.bodySha256)
})
