import { kafkaTopics } from '@otn/contracts'
import { HOUR_MS } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aboutPage,
  called,
  engaged,
  opened,
  optIn,
  PAGE,
  personOf,
  tokenIdOf,
  withdrawn,
} from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

const DECIDING = ['optIn', 'engagement', 'notification', 'optInRequestEvent', 'token'] as const

let scene: Scene
let ledger: Ledger

beforeAll(async () => {
  scene = await openScene()
  ledger = await scene.start()
  await scene.append('page', [aboutPage('PageConnected')])
  await ledger.settled()
})

afterAll(() => scene[Symbol.asyncDispose]())

const someone = () => ({ psid: digits(), token: digits() })
const ask = async (...items: readonly object[]) => {
  const { body, status, text } = await ledger.post('/v1/candidates', { items })
  return { status, text, items: body.items }
}
const nameOf = (topic: (typeof DECIDING)[number]) =>
  `${scene.scope.prefix}${kafkaTopics[topic].name}`

describe('candidates', () => {
  test('come with what spending needs, sealed as it came, in the order to be tried', async () => {
    const { now } = scene.clock
    const psid = digits()
    const [early, late, refused, spent] = [digits(), digits(), digits(), digits()]
    await scene.append('optIn', [
      optIn({ psid, token: late, grantedAt: now, at: now }),
      optIn({ psid, token: early, grantedAt: now - HOUR_MS, at: now }),
      optIn({ psid, token: refused, grantedAt: now - 2 * HOUR_MS, at: now }),
      optIn({ psid, token: spent, grantedAt: now - 3 * HOUR_MS, at: now }),
      optIn({ psid, token: digits(), topic: 'other' }),
    ])
    const bare = called({ type: 'NotificationFailed', psid, token: refused, released: true })
    await scene.append('notification', [
      { ...bare, value: { ...bare.value, graphCode: 100, graphSubcode: null } },
      called({ type: 'NotificationSent', psid, token: spent, command: 'c2' }),
    ])
    await scene.append('engagement', [engaged(psid, { occurredAt: now })])
    await ledger.settled()
    const { items } = await ask({ pageId: PAGE, psid, topic: 'restock-1' })
    const [item] = items
    expect(item).toMatchObject({
      person: personOf(psid),
      windowOpenUntil: now + 24 * HOUR_MS,
      threadOwner: null,
      threadOwnedSince: null,
      pageStanding: 'active',
    })
    const told = item.tokens.map(({ tokenId, state, refusals }: Record<string, unknown>) => [
      tokenId,
      state,
      refusals,
    ])
    expect(told).toEqual([
      [tokenIdOf(early), 'live', 0],
      [tokenIdOf(late), 'live', 0],
      [tokenIdOf(refused), 'live', 1],
      [tokenIdOf(spent), 'redeemed', 0],
    ])
    expect(opened(item.tokens[0], personOf(psid))).toMatchObject({ psid, token: early })
  })

  test('name the next offset of each partition that decides about the person', async () => {
    const one = someone()
    await scene.append('optIn', [optIn(one)])
    await scene.append('token', [withdrawn(one)])
    await ledger.settled()
    const { items } = await ask({ pageId: PAGE, psid: one.psid })
    const ends = await scene.bus.positions.endOffsetsOf(DECIDING)
    const wanted = DECIDING.map((topic) => {
      const partition = scene.bus.partitionOf(topic, personOf(one.psid))
      return [nameOf(topic), String(ends[topic][partition])]
    })
    expect(items[0].asOf).toEqual(Object.fromEntries(wanted))
    expect(items[0].asOfAll).toBeUndefined()
  })

  test('never promise an offset that the answer does not hold', async () => {
    const psid = digits()
    const topic = nameOf('optIn')
    const partition = scene.bus.partitionOf('optIn', personOf(psid))
    const before = (await scene.bus.positions.endOffsets('optIn'))[partition] ?? 0n
    const writing = (async () => {
      for (let n = 0; n < 150; n += 1) {
        await scene.append('optIn', [optIn({ psid, token: `${digits()}${n}` })])
      }
    })()
    let seen = 0
    while (seen < 150) {
      const { items } = await ask({ pageId: PAGE, psid })
      const promised = Number(BigInt(items[0].asOf[topic]) - before)
      expect(Math.min(100, promised)).toBeLessThanOrEqual(items[0].tokens.length)
      seen = promised
    }
    await writing
  })

  test('of a token id are that token whatever its topic, with its person', async () => {
    const one = someone()
    await scene.append('optIn', [optIn(one), optIn({ psid: one.psid, token: digits() })])
    await ledger.settled()
    const tokenId = tokenIdOf(one.token)
    const { items } = await ask({ pageId: PAGE, tokenId, topic: 'another' })
    expect(items[0].person).toBe(personOf(one.psid))
    expect(items[0].tokens).toMatchObject([{ tokenId, topic: 'restock-1' }])
    expect(Object.keys(items[0].asOf)).toHaveLength(DECIDING.length)
  })

  test('of nobody known name the next offsets of all partitions, and no tokens', async () => {
    const elsewhere = { ...someone(), page: '1009' }
    await scene.append('optIn', [optIn(elsewhere)])
    await ledger.settled()
    const tokenId = tokenIdOf(elsewhere.token, '1009')
    const { items } = await ask(
      { pageId: PAGE, tokenId: 'f'.repeat(32) },
      { pageId: PAGE, externalUserId: 'customer-7' },
      { pageId: PAGE, tokenId },
    )
    const ends = await scene.bus.positions.endOffsets('optIn')
    for (const item of items) {
      expect(item).toMatchObject({ asOf: {}, person: null, tokens: [], pageStanding: 'active' })
      expect(item.asOfAll[nameOf('optIn')]).toEqual(ends.map(String))
    }
    const own = await ask({ pageId: '1009', tokenId })
    expect(own.items[0].pageStanding).toBe('unknown')
    expect(own.items[0].tokens).toHaveLength(1)
  })

  test('are at most the limit per person, which hides no live token', async () => {
    const psid = digits()
    const many = Array.from({ length: 130 }, () => ({ psid, token: digits() }))
    await scene.append(
      'optIn',
      many.map((one, n) => optIn({ ...one, grantedAt: 1_000 + n })),
    )
    const live = digits()
    await scene.append('optIn', [optIn({ psid, token: live })])
    await ledger.settled()
    const { items } = await ask({ pageId: PAGE, psid })
    expect(items[0].tokens).toHaveLength(100)
    expect(items[0].tokens[0]).toMatchObject({ tokenId: tokenIdOf(live), state: 'live' })
  })

  test.each([
    ['neither psid nor token', { pageId: PAGE }, 'exactly one'],
    ['both', { pageId: PAGE, psid: '1', tokenId: 'f'.repeat(32) }, 'exactly one'],
    ['an operator in place of an id', { pageId: { $ne: null }, psid: '1' }, 'items.0.pageId'],
    ['a member nobody knows', { pageId: PAGE, psid: '1', limit: 3 }, 'limit'],
    ['a topic that cannot be one', { pageId: PAGE, psid: '1', topic: 'No!' }, 'items.0.topic'],
  ])('refuse %s, naming the field', async (_, item, named) => {
    const { status, text } = await ask(item)
    expect(status).toBe(400)
    expect(text).toContain(named)
    expect(text).toContain('OTN_HTTP_INVALID')
  })

  test('refuse more than 500 items at once, and answer 500', async () => {
    const of = (count: number) =>
      Array.from({ length: count }, () => ({ pageId: PAGE, psid: digits() }))
    expect((await ask(...of(501))).status).toBe(400)
    expect((await ask(...of(500))).items).toHaveLength(500)
  })
})
