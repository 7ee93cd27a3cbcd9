import { HOUR_MS } from '@otn/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { CALLBACK, event, scripted } from '../../test/scripted-queue.ts'
import type { WebhookPost } from './post-webhook.ts'
import { sign } from './sign.ts'

const RUNS = 50

describe('batches', () => {
  test('gather events of several pages and acts until one is full or the time is over', async () => {
    const { queue, numbers, posts, turn, jump } = scripted([], {
      weather: { eventsPerPostMax: 3, gatherMs: 1_000 },
    })
    queue.setCallback(CALLBACK)
    for (const n of [1, 2, 3, 4]) {
      queue.add(event(n, n % 2 === 0 ? '1000' : '1001'))
      await turn()
    }
    expect(numbers()).toEqual([[1, 2, 3]])
    await jump(1_000)
    expect(numbers()).toEqual([[1, 2, 3], [4]])
    const { entry } = JSON.parse(posts[0]?.body.toString() ?? '')
    expect(entry.map(({ id }: { id: string }) => id)).toEqual(['1001', '1000', '1001'])
  })

  test('hold up to a thousand events', async () => {
    const { queue, numbers, turn } = scripted([], { weather: { eventsPerPostMax: 1_000 } })
    queue.setCallback(CALLBACK)
    for (let n = 0; n < 2_500; n += 1) queue.add(event(n))
    await turn()
    expect(numbers().map(({ length }) => length)).toEqual([1_000, 1_000, 500])
  })

  test('are put together anew when they are repeated, merged or split, none left out', async () => {
    const weather = { eventsPerPostMax: 4, gatherMs: 0, sizesVary: true, rebatchOnRetry: true }
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 40 }), async (seed, count) => {
        let status = 500
        const { queue, numbers, turn, jump } = scripted(() => status, {
          weather,
          seed,
          concurrency: 50,
        })
        queue.setCallback(CALLBACK)
        for (let n = 0; n < count; n += 1) queue.add(event(n))
        await turn()
        const first = numbers().length
        status = 200
        await jump(1_000)
        const repeated = numbers().slice(first)
        expect(repeated.flat()).toEqual(Array.from({ length: count }, (_, n) => n))
        expect(queue.waiting()).toBe(0)
      }),
      { numRuns: RUNS },
    )
  })

  test('of a repeat differ from those of the first time', async () => {
    const { queue, numbers, turn, jump } = scripted([500, 500, 500], {
      weather: { eventsPerPostMax: 3, rebatchOnRetry: true },
      concurrency: 3,
    })
    queue.setCallback(CALLBACK)
    for (const n of [1, 2, 3]) {
      queue.add(event(n))
      await turn()
    }
    await jump(1_000)
    expect(numbers()).toEqual([[1], [2], [3], [1, 2, 3]])
  })
})

describe('a storm', () => {
  test('brings every event at least once and in another order, whatever fails on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 2, max: 30 }), async (seed, count) => {
        let posts = 0
        const { queue, numbers, turn, jump } = scripted(
          () => {
            posts += 1
            return posts % 3 === 0 ? 500 : 200
          },
          {
            seed,
            weather: {
              eventsPerPostMax: 5,
              sizesVary: true,
              rebatchOnRetry: true,
              duplicateShare: 0.5,
              duplicatesMax: 20,
              disorderShare: 0.8,
              lateShare: 0.3,
            },
          },
        )
        queue.setCallback(CALLBACK)
        for (let n = 0; n < count; n += 1) queue.add(event(n))
        await turn()
        for (let step = 0; step < 200 && queue.waiting() > 0; step += 1) await jump(30_000)
        expect(queue.waiting()).toBe(0)
        const came = new Set(numbers().flat())
        expect(came.size).toBe(count)
      }),
      { numRuns: RUNS },
    )
  })

  test('holds events back so that later ones overtake them', async () => {
    const { queue, numbers, turn, jump } = scripted([], { weather: { disorderShare: 0.5 } })
    queue.setCallback(CALLBACK)
    for (let n = 0; n < 20; n += 1) queue.add(event(n))
    await turn()
    await jump(HOUR_MS)
    const order = numbers().flat()
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(order).not.toEqual(order.toSorted((a, b) => a - b))
  })
})

describe('signatures', () => {
  const signaturesWith = async (weather: Parameters<typeof scripted>[1]) => {
    const { queue, posts, turn } = scripted([], weather)
    queue.setCallback(CALLBACK)
    queue.add(event(1))
    await turn()
    return posts[0]?.signatures ?? null
  }

  test('are right, wrong, of the former secret, of one kind only, or missing [S1-44]', async () => {
    const valid = await signaturesWith({})
    expect(Object.keys(valid ?? {})).toEqual(['x-hub-signature-256', 'x-hub-signature'])
    const wrong = await signaturesWith({ weather: { signature: 'wrong' } })
    const former = await signaturesWith({ weather: { signature: 'former-secret' } })
    const all = [valid, wrong, former].map((headers) => headers?.['x-hub-signature-256'])
    expect(new Set(all).size).toBe(3)
    expect(await signaturesWith({ weather: { signature: 'none' } })).toBeNull()
    const sha1 = await signaturesWith({ weather: { signatureHeaders: 'sha1' } })
    expect(sha1).toEqual({ 'x-hub-signature': valid?.['x-hub-signature'] })
    const sha256 = await signaturesWith({ weather: { signatureHeaders: 'sha256' } })
    expect(sha256).toEqual({ 'x-hub-signature-256': valid?.['x-hub-signature-256'] })
  })

  test('that are wrong by chance are right by and by, so nothing is lost', async () => {
    const refused: WebhookPost[] = []
    const verify = (_nowMs: number, post: WebhookPost) => {
      const expected = sign(post.body, 'secret')['x-hub-signature-256']
      if (post.signatures?.['x-hub-signature-256'] === expected) return 200
      refused.push(post)
      return 401
    }
    const { queue, numbers, turn, jump } = scripted(verify, {
      weather: { wrongSignatureShare: 0.5 },
    })
    queue.setCallback(CALLBACK)
    for (let n = 0; n < 40; n += 1) queue.add(event(n))
    await turn()
    for (let step = 0; step < 100 && queue.waiting() > 0; step += 1) await jump(180_000)
    expect([refused.length > 10, queue.waiting(), new Set(numbers().flat()).size]).toEqual([
      true,
      0,
      40,
    ])
  })
})

test.each([
  ['only-200', [1, 1, 1, 0]],
  ['any-2xx', [1, 1, 0, 0]],
  ['any-2xx-or-3xx', [1, 0, 0, 0]],
] as const)('%s counts as received', async (receivedBy, waiting) => {
  const statuses = [500, 302, 204, 200]
  const left = await Promise.all(
    statuses.map(async (status) => {
      const { queue, turn } = scripted(() => status, { weather: { receivedBy } })
      queue.setCallback(CALLBACK)
      queue.add(event(1))
      await turn()
      return queue.waiting()
    }),
  )
  expect(left).toEqual(waiting)
})
