/** What strangers and slow connections can do, and what nobody may read. */
import { connect, type Socket } from 'node:net'
import type { Bus } from '@otn/bus'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Ingress,
  post,
  rawRecords,
  readyBus,
  runIngress,
  VERIFY_TOKEN,
} from './running-ingress.ts'
import { APP_SECRET, entry, item, optIn, sha256Header, webhook, wire } from './samples.ts'

const LIMIT_MS = 600
const CHECK_MS = 100
/** Far below Node's own limits of one and five minutes. */
const CUT_MS_MAX = 20_000

let bus: Bus
let ingress: Ingress

beforeAll(async () => {
  const place = testScope()
  bus = await readyBus(place)
  ingress = await runIngress(place, {
    INGRESS_REQUEST_TIMEOUT_MS: String(LIMIT_MS),
    INGRESS_HEADERS_TIMEOUT_MS: String(LIMIT_MS),
    INGRESS_CONNECTIONS_CHECK_MS: String(CHECK_MS),
  })
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
})

/** Sends some bytes and then a few more for ever; gives what came back when it was cut. */
async function dribble(head: string): Promise<{ readonly said: string; readonly tookMs: number }> {
  const { hostname, port } = new URL(ingress.url)
  const socket: Socket = connect(Number(port), hostname)
  const startedAt = performance.now()
  let said = ''
  socket.on('data', (chunk) => {
    said += chunk.toString()
  })
  socket.on('error', () => {})
  socket.write(head)
  const drip = setInterval(() => socket.write('x'), 50)
  await new Promise((resolve) => socket.once('close', resolve))
  clearInterval(drip)
  return { said, tookMs: performance.now() - startedAt }
}

describe('a connection that takes its time', () => {
  test.each([
    [
      'a body that never ends',
      'POST /webhook HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n\r\n{',
    ],
    [
      'a body in endless chunks',
      'POST /webhook HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n',
    ],
    ['a head that never ends', 'POST /webhook HTTP/1.1\r\nhost: x\r\nx-a: '],
  ])('with %s is cut at the limit, and an honest one is answered meanwhile', async (_, head) => {
    const slow = Array.from({ length: 50 }, () => dribble(head))
    const honest = await post(ingress.url, wire(webhook(entry([optIn()]))))
    expect(honest.status).toBe(200)
    for (const { tookMs } of await Promise.all(slow)) {
      expect(tookMs).toBeLessThan(CUT_MS_MAX)
    }
  })
})

describe('what identifies or empowers a person', () => {
  test('is in no log line, metric, answer, key, header or clear byte of a Kafka topic', async () => {
    const planted = {
      psid: '2000987654321',
      token: '4400987654321',
      payload: 'planted-payload-😀',
      text: 'planted-text',
      ref: 'planted-ref',
      code: 'planted-code',
    }
    const { psid, token, payload, text, ref, code } = planted
    const tap = optIn({ payload, one_time_notif_token: token }, { psid })
    const of = { psid }
    const items = [
      tap,
      { ...tap, timestamp: null },
      item({ message: { mid: 'm_1', text } }, of),
      item({ referral: { ref } }, of),
      item({ account_linking: { status: 'linked', authorization_code: code } }, of),
      item({ brand_new: { text } }, of),
    ]
    const body = wire(webhook(entry(items)))
    const cut = body.subarray(0, -1)
    const answers = [
      await post(ingress.url, body),
      await post(ingress.url, cut),
      await post(ingress.url, body, { 'x-hub-signature-256': 'sha256=planted' }),
      await fetch(
        `${ingress.url}/webhook?hub.mode=x&hub.verify_token=planted-guess&hub.challenge=1`,
      ),
      await fetch(`${ingress.url}/metrics`),
      await fetch(`${ingress.url}/health/ready`),
    ]
    const said = await Promise.all(
      answers.map(async (it) => [...it.headers, await it.text()].join()),
    )
    const topics = ['optIn', 'engagement', 'receipt', 'page', 'quarantine'] as const
    const records = (await Promise.all(topics.map((topic) => rawRecords(bus, topic)))).flat()
    expect(records.length).toBeGreaterThan(5)
    const written = records.map(({ key, value, headers }) =>
      [key, value?.toString('latin1'), JSON.stringify(headers)].join(),
    )
    const secrets = [...Object.values(planted), 'planted', APP_SECRET, VERIFY_TOKEN, 'test-pepper']
    const seen = [ingress.logged(), ...said, ...written].join('\n')
    expect(seen).toContain('webhook.received')
    for (const secret of secrets) expect(seen).not.toContain(secret)
    expect(seen).not.toContain(sha256Header(body))
  })

  test('one line tells what a webhook held, in counts', async () => {
    await post(ingress.url, wire(webhook(entry([optIn(), item({ brand_new: {} })]))))
    const lines = ingress.logged().trim().split('\n')
    const line = lines.map((it) => JSON.parse(it)).findLast((it) => it.event === 'webhook.received')
    expect(line).toMatchObject({
      outcome: 'accepted',
      items: 2,
      records: 1,
      unknownPageItems: 2,
      fact: { OptInReceived: 1 },
      counted: { other: 1 },
    })
  })
})
