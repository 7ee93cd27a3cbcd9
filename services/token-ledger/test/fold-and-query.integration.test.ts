import { DAY_MS, HOUR_MS } from '@otn/kernel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aboutPage, called, engaged, optIn, PAGE, personOf, tokenIdOf, withdrawn } from './facts.ts'
import { digits, type Ledger, openScene, type Scene } from './scene.ts'

let scene: Scene
let ledger: Ledger

beforeAll(async () => {
  scene = await openScene()
  ledger = await scene.start()
  await ledger.ready()
})

afterAll(() => scene[Symbol.asyncDispose]())

const someone = () => ({ psid: digits(), token: digits() })
const stateOf = async (token: string) => {
  const { body } = await ledger.get(`/v1/tokens/${tokenIdOf(token)}`)
  return body.state
}

describe('a folded token', () => {
  test('the same opt-in a hundred times is one live token [S0-03] [S1-23]', async () => {
    const [one, { now }] = [someone(), scene.clock]
    const facts = Array.from({ length: 100 }, (_, n) =>
      optIn({ ...one, at: now + n, grantedAt: now }),
    )
    await scene.append('optIn', facts)
    await ledger.settled()
    const { body } = await ledger.get(`/v1/pages/${PAGE}/persons/${one.psid}/tokens`)
    expect(body.next).toBeNull()
    expect(body.items).toEqual([
      {
        tokenId: tokenIdOf(one.token),
        pageId: PAGE,
        person: personOf(one.psid),
        topic: 'restock-1',
        state: 'live',
        grantedAt: now,
        expiresAt: now + 364 * DAY_MS,
      },
    ])
    const byPseudonym = `/v1/pages/${PAGE}/persons/${personOf(one.psid)}/tokens`
    expect((await ledger.get(byPseudonym)).body).toEqual(body)
  })

  test('two consents of one person are two tokens, each with its own life [S1-13]', async () => {
    const psid = digits()
    const [first, second] = [digits(), digits()]
    await scene.append('optIn', [optIn({ psid, token: first }), optIn({ psid, token: second })])
    await scene.append('notification', [called({ type: 'NotificationSent', psid, token: first })])
    await ledger.settled()
    expect([await stateOf(first), await stateOf(second)]).toEqual(['redeemed', 'live'])
  })

  test('an outcome folded before its opt-in shows nothing, then both [S0-20]', async () => {
    const one = someone()
    await scene.append('notification', [called({ type: 'NotificationSent', ...one })])
    await ledger.settled()
    const path = `/v1/tokens/${tokenIdOf(one.token)}`
    expect((await ledger.get(path)).body).toMatchObject({ status: 404, code: 'OTN_HTTP_NOT_FOUND' })
    await scene.append('optIn', [optIn(one)])
    await ledger.settled()
    expect(await stateOf(one.token)).toBe('redeemed')
  })

  test('passes through attempt, release and doubt, and tells it in its history', async () => {
    const one = someone()
    await scene.append('optIn', [optIn({ ...one, at: 1_000, grantedAt: scene.clock.now })])
    const steps = [
      ['NotificationAttempted', 'reserved', {}],
      ['NotificationScheduled', 'live', { released: true }],
      ['NotificationAttempted', 'reserved', { attempt: 2 }],
      ['NotificationInDoubt', 'in-doubt', { attempt: 2 }],
      ['NotificationSent', 'redeemed', { attempt: 2 }],
    ] as const
    for (const [index, [type, state, told]] of steps.entries()) {
      await scene.append('notification', [called({ type, ...one, ...told, at: 2_000 + index })])
      await ledger.settled()
      expect(await stateOf(one.token)).toBe(state)
    }
    const { body, text } = await ledger.get(`/v1/tokens/${tokenIdOf(one.token)}/history`)
    const types = body.items.map(({ type }: { readonly type: string }) => type)
    expect(types).toEqual(['OptInReceived', ...steps.map(([type]) => type)])
    expect(body.isComplete).toBe(true)
    expect(text).not.toMatch(/sealed|keyId/)
  })

  test('is withdrawn by the person', async () => {
    const one = someone()
    await scene.append('optIn', [optIn(one)])
    await scene.append('token', [withdrawn(one)])
    await ledger.settled()
    expect(await stateOf(one.token)).toBe('withdrawn')
  })

  test('expires by the clock alone, a day before its year ends [S0-05] [S1-26]', async () => {
    const { now } = scene.clock
    const one = { ...someone(), page: '1005', grantedAt: now, at: now }
    await scene.append('optIn', [optIn(one)])
    await ledger.settled()
    const path = `/v1/tokens/${tokenIdOf(one.token, '1005')}`
    const stateAt = async (at: number) => {
      scene.clock.now = at
      const { body } = await ledger.get(path)
      const listed = await ledger.get('/v1/pages/1005/tokens?state=expired')
      expect(listed.body.items).toHaveLength(body.state === 'expired' ? 1 : 0)
      return body.state
    }
    const end = now + 364 * DAY_MS
    expect(await stateAt(end - 1)).toBe('live')
    expect(await stateAt(end)).toBe('expired')
    scene.clock.now = now
    const soon = await ledger.get(`/v1/pages/1005/tokens?state=live&expiresBefore=${end + 1}`)
    expect(soon.body.items).toHaveLength(1)
    const later = await ledger.get(`/v1/pages/1005/tokens?state=live&expiresBefore=${end}`)
    expect(later.body.items).toHaveLength(0)
  })
})

describe('the list of a page', () => {
  test('is complete, in order of expiry, and of this page alone [S0-23] [S1-04]', async () => {
    const { now } = scene.clock
    const many = Array.from({ length: 45 }, (_, n) =>
      optIn({ ...someone(), page: '1002', grantedAt: now - (n % 9) * 1_000, at: now }),
    )
    const other = optIn({ ...someone(), page: '1003' })
    await scene.append('optIn', [...many, other])
    await ledger.settled()
    const found: { tokenId: string; grantedAt: number }[] = []
    let after: string | null = null
    do {
      const path = `/v1/pages/1002/tokens?limit=10${after === null ? '' : `&after=${after}`}`
      const { body } = await ledger.get(path)
      found.push(...body.items)
      after = body.next
    } while (after !== null)
    expect(found.map(({ tokenId }) => tokenId).sort()).toEqual(
      many.map(({ value }) => value.tokenId).sort(),
    )
    expect(found.map(({ grantedAt }) => grantedAt)).toEqual(
      found.map(({ grantedAt }) => grantedAt).sort((a, b) => a - b),
    )
    const topic = await ledger.get('/v1/pages/1002/tokens?topic=restock-1&limit=200&state=live')
    expect(topic.body.items).toHaveLength(45)
    expect((await ledger.get('/v1/pages/1002/tokens?topic=other')).body.items).toHaveLength(0)
  })

  test('a page says which topics it declared and how many tokens are live on each', async () => {
    const page = { pageId: '1004' as never }
    await scene.append('page', [
      aboutPage('PageConnected', page),
      aboutPage('TopicDeclared', { ...page, topic: 'restock-9', name: 'Back in stock' }),
      aboutPage('TopicRuleSet', page),
    ])
    const one = { ...someone(), page: '1004' }
    await scene.append('optIn', [
      optIn(one),
      optIn({ ...someone(), page: '1004', topic: null }),
      optIn({ ...someone(), page: '1004', topic: 'restock-9' }),
    ])
    await scene.append('notification', [called({ type: 'NotificationSent', ...one })])
    await ledger.settled()
    const unmapped = await ledger.get('/v1/pages/1004/tokens?unmapped=true&state=live')
    expect(unmapped.body.items).toMatchObject([{ topic: null }])
    const both = await ledger.get('/v1/pages/1004/tokens?unmapped=true&topic=restock-1')
    expect([both.status, both.body.errors]).toMatchObject([400, [{ field: 'unmapped' }]])
    const { body } = await ledger.get('/v1/pages/1004/topics')
    expect(body.standing).toBe('active')
    expect(body.rules).toMatchObject([{ ruleId: 'r1', ruleKind: 'identity' }])
    expect(body.topics[0].states).toMatchObject({ live: 0, redeemed: 1 })
    expect(body.topics).toMatchObject([
      { topic: 'restock-1', isDeclared: false, tokens: 1, live: 0 },
      { topic: 'restock-9', isDeclared: true, title: 'Back in stock', tokens: 1, live: 1 },
      { topic: null, isDeclared: false, tokens: 1, live: 1 },
    ])
  })
})

describe('the people of a page', () => {
  test('are all who ever consented, each once, in pages [S0-23] [S1-29] [S1-40]', async () => {
    const { now } = scene.clock
    const about = { page: '1006', at: now, grantedAt: now }
    const people = Array.from({ length: 23 }, () => digits())
    const tokens = people.flatMap((psid, n) =>
      Array.from({ length: 1 + (n % 3) }, (_, nth) => ({
        ...{ ...about, psid, token: digits(), topic: nth === 0 ? 'restock-1' : 'sale' },
      })),
    )
    await scene.append('optIn', tokens.map(optIn))
    const [spent] = tokens
    await scene.append('optIn', [optIn({ ...someone(), page: '1007' })])
    if (spent) {
      const sent = { type: 'NotificationSent', page: '1006' } as const
      await scene.append('notification', [called({ ...sent, ...spent })])
    }
    await ledger.settled()
    const all = async (filter: string) => {
      const found: { person: string; tokens: number; live: number; topics: string[] }[] = []
      for (let after: string | null = ''; after !== null; ) {
        const from = after === '' ? '' : `&after=${after}`
        const { body } = await ledger.get(`/v1/pages/1006/persons?limit=5${filter}${from}`)
        expect(body.items.length).toBeLessThanOrEqual(5)
        found.push(...body.items)
        after = body.next
      }
      return found
    }
    const pseudonyms = people.map((psid) => personOf(psid, '1006')).sort()
    const found = await all('')
    expect(found.map(({ person }) => person)).toEqual(pseudonyms)
    const of = (psid: string) => found.find(({ person }) => person === personOf(psid, '1006'))
    expect(of(people[0] ?? '')).toEqual({
      ...{ person: personOf(people[0] ?? '', '1006'), tokens: 1, live: 0, topics: ['restock-1'] },
      lastGrantedAt: now,
    })
    expect(of(people[2] ?? '')).toMatchObject({ tokens: 3, live: 3, topics: ['restock-1', 'sale'] })
    const onSale = people.filter((_, n) => n % 3 > 0).map((psid) => personOf(psid, '1006'))
    const sale = await all('&topic=sale')
    expect(sale.map(({ person }) => person)).toEqual(onSale.sort())
    expect(sale.every(({ topics }) => topics.join() === 'sale')).toBe(true)
    const live = await all('&topic=restock-1&state=live')
    expect(live).toHaveLength(22)
    expect(await all('&topic=nothing')).toEqual([])
  })

  test('are asked for in words that can be wrong, and then the field is named', async () => {
    const wrong = '/v1/pages/1006/persons?topic=No%20topic&state=gone&after=x&limit=0'
    const { status, body } = await ledger.get(wrong)
    expect(status).toBe(400)
    const fields = (body.errors as { field: string }[]).map(({ field }) => field).sort()
    expect(fields.join()).toMatch(/after.*limit.*state.*topic/)
  })
})

describe('a person', () => {
  test('opens the window by acting; the thread is whose took it last [S1-08] [S1-14]', async () => {
    const [one, { now }] = [someone(), scene.clock]
    await scene.append('optIn', [optIn(one)])
    await scene.append('engagement', [
      engaged(one.psid, { occurredAt: now - HOUR_MS }),
      engaged(one.psid, { occurredAt: now - 2 * HOUR_MS }),
      engaged(one.psid, { occurredAt: now - 3 * HOUR_MS, newOwnerAppId: '99' }),
    ])
    await ledger.settled()
    const items = [{ pageId: PAGE, psid: one.psid }]
    const { body } = await ledger.post('/v1/candidates', { items })
    expect(body.items[0]).toMatchObject({
      ...{ windowOpenUntil: now + 23 * HOUR_MS, threadOwner: '99' },
      threadOwnedSince: now - 3 * HOUR_MS,
    })
  })
})
