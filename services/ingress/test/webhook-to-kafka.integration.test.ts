/** A signed webhook becomes facts on a real Kafka; anything else leaves no trace there. */
import type { Bus, NextOffsets } from '@otn/bus'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { opened } from './codec.ts'
import {
  APP_ID,
  type Ingress,
  type Place,
  post,
  rawRecords,
  readyBus,
  runIngress,
  VERIFY_TOKEN,
  values,
} from './running-ingress.ts'
import { entry, fixture, item, optIn, sha1Header, sha256Header, webhook, wire } from './samples.ts'

const EVENTS = ['optIn', 'engagement', 'receipt', 'page'] as const

let place: Place
let bus: Bus
let ingress: Ingress

beforeAll(async () => {
  place = testScope()
  bus = await readyBus(place)
  ingress = await runIngress(place)
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
})

/** Where the log ends now: what comes later was written by what a test does. */
const ends = () => bus.positions.endOffsetsOf([...EVENTS, 'quarantine'])

const optInsSince = (from: NextOffsets) =>
  values(bus, { topic: 'optIn', record: 'OptInReceived', from })

async function grownSince(from: NextOffsets): Promise<Readonly<Record<string, number>>> {
  const sum = (offsets: readonly bigint[] = []) => offsets.reduce((all, one) => all + one, 0n)
  const now: NextOffsets = await ends()
  const grown = [...EVENTS, 'quarantine' as const].map((topic) => {
    return [topic, Number(sum(now[topic]) - sum(from[topic]))] as const
  })
  return Object.fromEntries(grown.filter(([, count]) => count !== 0))
}

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${ingress.url}/metrics`)).text()
  const found = text.split('\n').find((row) => row.startsWith(line))
  return Number(found?.split(' ').at(-1) ?? 0)
}

describe('a verified webhook', () => {
  test('is on the log when 200 is answered, with payload and token unchanged [S0-14] [S0-21]', async () => {
    const payload = '再入荷のお知らせ 😀 ä/ö<å@%'
    const token = '4400000000000777'
    const body = wire(webhook(entry([optIn({ payload, one_time_notif_token: token })])))
    const from = await ends()
    const answer = await post(ingress.url, body)
    expect([answer.status, await answer.text()]).toEqual([200, 'received'])
    const [fact] = await optInsSince(from)
    if (!fact) throw new Error('no fact')
    expect(fact.person).toBe('sStxGmklUR7y9IbqqR-AlG')
    expect(opened('OptInReceived', fact, fact.person)).toEqual({ psid: '2000', token, payload })
    const [record] = await rawRecords(bus, 'optIn', from)
    expect(record?.key?.toString()).toBe(fact.person)
    expect(record?.headers).toMatchObject({ ce_id: fact.eventId, ce_source: '/otn/ingress' })
  })

  test('of the seed’s sample goes through, signed by either secret, by either header [S0-26] [S1-44]', async () => {
    const body = fixture('valid/seed-sample.json')
    const previous = { 'x-hub-signature-256': sha256Header(body, 'previous-secret') }
    const weak = { 'x-hub-signature': sha1Header(body) }
    const from = await ends()
    for (const headers of [undefined, previous, weak]) {
      expect((await post(ingress.url, body, headers)).status).toBe(200)
    }
    const mine = await optInsSince(from)
    expect(mine).toHaveLength(3)
    expect(new Set(mine.map(({ eventId }) => eventId)).size).toBe(1)
    expect(mine[0]).toMatchObject({ grantedAt: 1_458_692_752_478, topic: null })
  })

  test('with three pages, one broken item and one of an unknown kind gives ten facts [S1-04]', async () => {
    const from = await ends()
    const others = await metric('otn_ingress_items_total{result="counted",kind="other"')
    expect((await post(ingress.url, fixture('valid/three-pages.json'))).status).toBe(200)
    expect(await grownSince(from)).toEqual({ optIn: 10, quarantine: 1 })
    expect(await metric('otn_ingress_items_total{result="counted",kind="other"')).toBe(others + 1)
    const perPage = Object.groupBy(await optInsSince(from), ({ pageId }) => pageId)
    const counts = Object.entries(perPage).map(([page, facts]) => [page, facts?.length])
    expect(counts.sort()).toEqual([
      ['1000', 4],
      ['1001', 3],
      ['1002', 3],
    ])
    const [kept] = await values(bus, { topic: 'quarantine', record: 'QuarantinedItem', from })
    if (!kept) throw new Error('nothing was kept')
    expect(kept).toMatchObject({ reason: 'item-malformed', entryIndex: 1, itemIndex: 2 })
    expect(opened('QuarantinedItem', kept, '1001')).toMatchObject({ item: { sender: {} } })
  })

  test('delivered a hundred times is one fact by its id [S1-46]', async () => {
    const token = '4400000000000888'
    const body = wire(webhook(entry([optIn({ one_time_notif_token: token })])))
    const from = await ends()
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(ingress.url, body)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const facts = await optInsSince(from)
    expect(facts).toHaveLength(100)
    expect(new Set(facts.map(({ eventId }) => eventId)).size).toBe(1)
  })

  test('of every kind ends on the Kafka topic of its kind', async () => {
    const from = await ends()
    for (const name of ['message', 'echo', 'delivery', 'read', 'policy-enforcement', 'postback']) {
      expect((await post(ingress.url, fixture(`valid/${name}.json`))).status).toBe(200)
    }
    expect(await grownSince(from)).toEqual({ engagement: 2, receipt: 4, page: 1 })
  })

  test('that cannot be used is 200 and kept, the whole of it where it does not parse', async () => {
    const from = await ends()
    for (const name of ['cut', 'too-deep', 'no-object', 'opt-in-notification-messages']) {
      expect((await post(ingress.url, fixture(`invalid/${name}.json`))).status).toBe(200)
    }
    const kept = await rawRecords(bus, 'quarantine', from)
    const reasons = kept.map(({ headers }) => headers['x-quarantine-reason'])
    expect(new Set(reasons)).toEqual(
      new Set(['body-not-json', 'body-too-deep', 'body-malformed', 'optin-kind-unknown']),
    )
  })

  test('of 4 MiB that does not parse fits its quarantine', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024, 0xfe)
    expect((await post(ingress.url, body)).status).toBe(200)
    expect((await post(ingress.url, Buffer.concat([body, body]))).status).toBe(413)
  })

  test('of a thousand taps is answered at once and whole', async () => {
    const taps = Array.from({ length: 1_000 }, (_, index) =>
      optIn({ one_time_notif_token: `55000000${index}` }, { psid: `3000${index}` }),
    )
    const from = await ends()
    expect((await post(ingress.url, wire(webhook(entry(taps))))).status).toBe(200)
    expect(await grownSince(from)).toEqual({ optIn: 1_000 })
  })
})

describe('an unverified webhook', () => {
  const body = wire(webhook(entry([optIn(), item({ message: { mid: 'm_1', text: '再入荷' } })])))
  const signature = sha256Header(body)
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())))

  test.each([
    ['unsigned', body, {}],
    ['written again', rewritten, { 'x-hub-signature-256': signature }],
    ['cut', body.subarray(0, -1), { 'x-hub-signature-256': signature }],
    ['empty', Buffer.alloc(0), { 'x-hub-signature-256': signature }],
    ['signed by another app', body, { 'x-hub-signature-256': sha256Header(body, 'another') }],
    [
      'signed by the verify token',
      body,
      { 'x-hub-signature-256': sha256Header(body, VERIFY_TOKEN) },
    ],
    [
      'wrong by SHA-256 though right by SHA-1',
      body,
      { 'x-hub-signature-256': 'sha256=0', 'x-hub-signature': sha1Header(body) },
    ],
    ['signed twice', body, { 'x-hub-signature-256': `${signature}, ${signature}` }],
  ])(
    'that is %s is refused alike and leaves nothing on any Kafka topic [S1-44] [D-03]',
    async (_, bytes, headers) => {
      const from = await ends()
      const answer = await post(ingress.url, bytes, headers)
      expect(answer.status).toBe(401)
      expect(await answer.json()).toMatchObject({ code: 'OTN_WEBHOOK_SIGNATURE', retryable: false })
      expect(await grownSince(from)).toEqual({})
    },
  )
})

describe('the handshake [S1-41]', () => {
  const ask = (path: string, token = VERIFY_TOKEN) =>
    fetch(`${ingress.url}${path}?hub.mode=subscribe&hub.challenge=115&hub.verify_token=${token}`)

  test('echoes the challenge to who knows the verify token, under both addresses', async () => {
    for (const path of ['/webhook', `/webhook/${APP_ID}`]) {
      const answer = await ask(path)
      expect([answer.status, await answer.text()]).toEqual([200, '115'])
    }
    expect((await ask('/webhook', 'wrong')).status).toBe(403)
    expect((await ask('/webhook/1')).status).toBe(404)
    expect((await fetch(`${ingress.url}/webhook`)).status).toBe(400)
  })
})
