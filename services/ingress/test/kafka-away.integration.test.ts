/** 200 means acknowledged: an outage of Kafka costs time and never a webhook. */

import type { Bus } from '@otn/bus'
import { freePort, type KafkaEngine, startKafka } from '@otn/engines'
import { watchPauses } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Ingress,
  type Place,
  post,
  readyBus,
  runIngress,
  until,
  values,
} from './running-ingress.ts'
import { entry, optIn, webhook, wire } from './samples.ts'

/** Promise G1. */
const ANSWER_MS_MAX = 3_000
const POSTS = 20

let kafka: KafkaEngine
let place: Place
let bus: Bus
let ingress: Ingress

beforeAll(async () => {
  kafka = await startKafka()
  place = { kafkaBrokers: kafka.kafkaBrokers, prefix: 'away.' }
  bus = await readyBus(place)
  ingress = await runIngress(place)
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
  await kafka?.stop()
})

const taps = (series: string) =>
  Array.from({ length: POSTS }, (_, index) => {
    const token = `77${series}${index}`
    return wire(webhook(entry([optIn({ one_time_notif_token: token }, { psid: `88${index}` })])))
  })

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly tookMs: number
}

async function postTimed(body: Buffer): Promise<Answer> {
  const startedAt = performance.now()
  const { status, headers } = await post(ingress.url, body)
  return { status, retryAfter: headers.get('retry-after'), tookMs: performance.now() - startedAt }
}

/** Posts until each body got its 200, as the platform does. */
async function deliver(bodies: readonly Buffer[]): Promise<void> {
  let open = bodies
  await until('every webhook is taken', async () => {
    const answers = await Promise.all(open.map(postTimed))
    open = open.filter((_, index) => answers[index]?.status !== 200)
    return open.length === 0
  })
}

async function eventIds(): Promise<readonly string[]> {
  const facts = await values(bus, { topic: 'optIn', record: 'OptInReceived' })
  return facts.map(({ eventId }) => eventId)
}

describe('while Kafka is away', () => {
  test.each([
    ['stopped', 'stop', 'start'],
    ['frozen', 'pause', 'resume'],
  ] as const)(
    '%s: 503 within three seconds, never silence; repeats later are one fact each [S0-24] [S1-48]',
    async (how, away, back) => {
      const broker = kafka.brokers[0]
      if (!broker) throw new Error('no broker of our own')
      const known = new Set(await eventIds())
      const bodies = taps(how === 'stopped' ? '1' : '2')
      await deliver(bodies.slice(0, 2))
      await broker[away]()
      using pauses = watchPauses()
      const answers = await Promise.all(bodies.map(postTimed))
      const later = await Promise.all(bodies.map(postTimed))
      await broker[back]()
      for (const { status, retryAfter, tookMs } of [...answers, ...later]) {
        expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '1' })
        expect(tookMs).toBeLessThan(pauses.stretched(ANSWER_MS_MAX))
      }
      await deliver(bodies)
      const fresh = (await eventIds()).filter((id) => !known.has(id))
      expect(new Set(fresh).size).toBe(POSTS)
      expect(ingress.failures).toEqual([])
    },
  )

  test('a start waits for it, says 503 meanwhile and takes webhooks once it is back', async () => {
    const broker = kafka.brokers[0]
    if (!broker) throw new Error('no broker of our own')
    await broker.stop()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const starting = runIngress(place, { INGRESS_PORT: String(port) })
    const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status
    await until('the port is open', async () => (await statusOf('/health/live')) === 200)
    expect(await statusOf('/health/ready')).toBe(503)
    const [body] = taps('3')
    if (!body) throw new Error('no body')
    expect((await post(url, body)).status).toBe(503)
    await broker.start()
    const started = await starting
    expect(await statusOf('/health/ready')).toBe(200)
    expect((await post(url, body)).status).toBe(200)
    await started.close()
  })
})
