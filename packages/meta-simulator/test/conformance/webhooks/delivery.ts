/** 5.2: how webhooks are delivered, repeated and given up. */
import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { expect } from 'vitest'

import type { Meta } from '../meta.ts'
import type { Row } from '../row.ts'
import { firstBody, registered, write } from './callback.ts'

const section = '5.2'

/** Lets time pass minute by minute, as it does for whoever waits. */
async function passSlowly({ pass }: Meta, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += MINUTE_MS) await pass(MINUTE_MS)
}

/** A callback that answers nothing but 500, and one event that waits for it. */
async function failing(meta: Meta) {
  const callback = await registered(meta)
  callback.answerWith(500)
  await write(meta)
  return callback
}

export const deliveryRows: readonly Row[] = [
  {
    id: '5.2-post',
    section,
    mark: 'D/O',
    fact: 'a webhook is a POST of application/json by the agent facebookexternalua',
    case: async (meta) => {
      const { posts } = await registered(meta)
      await write(meta)
      expect(posts[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': 'facebookexternalua',
      })
    },
  },
  {
    id: '5.2-headers',
    section,
    mark: 'D/O',
    fact: 'both X-Hub-Signature-256 and X-Hub-Signature are sent [S1-44]',
    case: async (meta) => {
      const { posts } = await registered(meta)
      await write(meta)
      expect(posts[0]?.headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/)
      expect(posts[0]?.headers['x-hub-signature']).toMatch(/^sha1=[0-9a-f]{40}$/)
    },
  },
  {
    id: '5.2-source',
    section,
    mark: 'O',
    fact: 'posts often come from 2a03:2880::/32',
    leftOut: 'the address of a sender on loopback is loopback',
  },
  {
    id: '5.2-200',
    section,
    mark: 'D',
    fact: 'a webhook that got 200 does not come again [S1-45]',
    case: async (meta) => {
      const { posts } = await registered(meta)
      await write(meta)
      await passSlowly(meta, 10 * MINUTE_MS)
      expect(posts).toHaveLength(1)
    },
  },
  ...[400, 800].map(
    (answerTimeoutMs): Row => ({
      id: `5.2-time-out-${answerTimeoutMs === 400 ? '5-s' : '20-s'}`,
      section,
      mark: 'D',
      fact: `an answer has to come in time; the time (${answerTimeoutMs === 400 ? 5 : 20} s on one page) is an option, here shortened [S1-48]`,
      options: { webhooks: { answerTimeoutMs } },
      case: async (meta) => {
        const callback = await registered(meta)
        callback.answerWith('never')
        await write(meta)
        const { recentFaults, waiting } = meta.simulator.webhook()
        expect([recentFaults[0]?.reason, waiting]).toEqual(['time-out', 1])
      },
    }),
  ),
  {
    id: '5.2-batch',
    section,
    mark: 'D',
    fact: 'one body may hold several entries, and an entry several events, up to 1000 updates',
    options: { webhooks: { weather: { eventsPerPostMax: 1_000, gatherMs: 1_000 } } },
    case: async (meta) => {
      const callback = await registered(meta)
      const { simulator, pageId, psid, otherPageId } = meta
      const other = simulator.people(otherPageId)[0]?.psid ?? ''
      const act = { kind: 'read' } as const
      for (let n = 0; n < 1_001; n += 1) {
        const at = n % 3 === 2 ? { pageId: otherPageId, psid: other } : { pageId, psid }
        await simulator.act({ ...at, act })
      }
      await meta.pass(1_000)
      const counts = callback.posts.map(({ body }) => body.toString().split('"read"').length - 1)
      expect(counts).toEqual([1_000, 1])
      const { entry } = firstBody(callback)
      expect(new Set(entry.map(({ id }) => id))).toEqual(new Set([pageId, otherPageId]))
      expect(entry[0]?.messaging).toHaveLength(2)
    },
  },
  {
    id: '5.2-order',
    section,
    mark: 'D',
    fact: 'order is not guaranteed after failures; the timestamp tells the order of events',
    case: async (meta) => {
      const callback = await registered(meta)
      callback.answerWith(500)
      await write(meta, 'first')
      callback.answerWith(200)
      await meta.pass(500)
      await write(meta, 'second')
      await meta.pass(500)
      const received = callback.items().slice(1)
      const texts = received.map(
        ({ message }) => JSON.stringify(message).match(/"text":"(\w+)"/)?.[1],
      )
      expect(texts).toEqual(['second', 'first'])
      const [second, first] = received.map(({ timestamp }) => Number(timestamp))
      expect(first).toBeLessThan(second ?? 0)
    },
  },
  {
    id: '5.2-duplicates',
    section,
    mark: 'D',
    fact: 'an event may come more than once although it was received',
    options: { webhooks: { weather: { duplicateShare: 1, duplicatesMax: 20 } } },
    case: async (meta) => {
      const { posts, items } = await registered(meta)
      await write(meta)
      expect(posts.length).toBeGreaterThan(1)
      expect(new Set(items().map((item) => JSON.stringify(item))).size).toBe(1)
    },
  },
  {
    id: '5.2-rebatched',
    section,
    mark: 'D',
    fact: 'a repeat may be put together otherwise than the first time',
    options: { webhooks: { weather: { eventsPerPostMax: 10, rebatchOnRetry: true } } },
    case: async (meta) => {
      const callback = await registered(meta)
      callback.answerWith(500)
      await write(meta, 'one')
      await write(meta, 'two')
      callback.answerWith(200)
      await meta.pass(1_000)
      expect(callback.posts).toHaveLength(3)
      expect(callback.items().slice(2)).toEqual(callback.items().slice(0, 2))
    },
  },
  {
    id: '5.2-at-once',
    section,
    mark: 'D',
    fact: 'Messenger repeats at once a few more times, then goes on [S1-46]',
    case: async (meta) => {
      const { posts } = await failing(meta)
      for (let n = 0; n < 5; n += 1) await meta.pass(1_000)
      expect(posts).toHaveLength(4)
      await passSlowly(meta, 10 * MINUTE_MS)
      expect(posts).toHaveLength(7)
    },
  },
  {
    id: '5.2-alert',
    section,
    mark: 'D',
    fact: 'after 15 minutes of failure the developer is alerted [S1-47]',
    case: async (meta) => {
      await failing(meta)
      await passSlowly(meta, 14 * MINUTE_MS)
      expect(meta.simulator.webhook().alerts).toEqual([])
      await passSlowly(meta, 5 * MINUTE_MS)
      expect(meta.simulator.webhook().alerts).toMatchObject([{ kind: 'webhooks-failing' }])
    },
  },
  {
    id: '5.2-disabled',
    section,
    mark: 'D',
    fact: 'after one hour webhooks are disabled and the app is unsubscribed from the page [S1-43]',
    case: async (meta) => {
      const { simulator, pageId } = meta
      await failing(meta)
      await passSlowly(meta, 65 * MINUTE_MS)
      expect(simulator.webhook()).toMatchObject({
        disabled: true,
        unsubscribedPageIds: [pageId],
        waiting: 0,
      })
    },
  },
  {
    id: '5.2-36-hours',
    section,
    mark: 'D',
    fact: 'the general Graph page repeats with decreasing frequency for 36 hours, then drops',
    options: { webhooks: { retry: 'graph36h' } },
    case: async (meta) => {
      const { posts } = await failing(meta)
      await passSlowly(meta, 3 * HOUR_MS)
      const early = posts.length
      await passSlowly(meta, 3 * HOUR_MS)
      expect(posts.length - early).toBeLessThan(early)
      for (let hours = 6; hours < 38; hours += 1) await meta.pass(HOUR_MS)
      const { waiting, lostEvents, disabled } = meta.simulator.webhook()
      expect([waiting, disabled]).toEqual([0, false])
      expect(lostEvents).toMatchObject([{ reason: 'repeated-too-long' }])
    },
  },
  {
    id: '5.2-history',
    section,
    mark: 'D',
    fact: 'there is no history: what happened while nobody listened never comes [S0-24]',
    case: async (meta) => {
      await write(meta, 'before')
      const { items } = await registered(meta)
      await write(meta, 'after')
      await passSlowly(meta, HOUR_MS)
      expect(JSON.stringify(items())).toContain('after')
      expect(JSON.stringify(items())).not.toContain('before')
    },
  },
  {
    id: '5.2-recent-errors',
    section,
    mark: 'D',
    fact: 'recent errors can be seen, each with its time and reason [S1-50]',
    case: async (meta) => {
      await failing(meta)
      const [fault] = meta.simulator.webhook().recentFaults
      expect(fault).toMatchObject({
        atMs: meta.simulator.nowMs(),
        pageIds: [meta.pageId],
        reason: 'status',
        status: 500,
        posts: 1,
      })
    },
  },
]
