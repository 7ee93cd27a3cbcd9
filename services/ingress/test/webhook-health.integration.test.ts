/** What failed can be seen, the alarm is out before the platform's, and 200 means what it says. */

import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@otn/bus'
import { type KafkaEngine, startKafka } from '@otn/engines'
import { MINUTE_MS } from '@otn/kernel'
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
import { entry, fixture, item, optIn, sha256Header, webhook, wire } from './samples.ts'

const KEYS = { operator: 'planted-operator-key', reader: 'planted-reader-key' } as const
const clock = { ms: 1_800_000_000_000, nowMs: () => clock.ms }

let kafka: KafkaEngine
let place: Place
let bus: Bus
let ingress: Ingress

beforeAll(async () => {
  // A Kafka and nothing else: no MongoDB, no ledger, no dispatcher, no platform.
  kafka = await startKafka()
  place = { kafkaBrokers: kafka.kafkaBrokers, prefix: 'health.' }
  bus = await readyBus(place)
  ingress = await runIngress(place, { OTN_API_KEYS_FILE: apiKeysFile() }, { clock })
})

afterAll(async () => {
  await ingress?.close()
  await bus?.close(2_000)
  await kafka?.stop()
})

function apiKeysFile(): string {
  const sha256 = (key: string) => createHash('sha256').update(key).digest('hex')
  const path = join(mkdtempSync(join(tmpdir(), 'otn-ingress-')), 'api-keys.json')
  const keys = [
    { id: 'operator', sha256: sha256(KEYS.operator), scopes: ['operations'] },
    { id: 'reader', sha256: sha256(KEYS.reader), scopes: ['tokens:read'] },
  ]
  writeFileSync(path, JSON.stringify(keys))
  return path
}

interface Row {
  readonly cause: string
  readonly bodySha256: string | null
  readonly [member: string]: unknown
}

interface Health {
  readonly recentErrors: readonly Row[]
  readonly alarms: readonly { readonly alarm: string; readonly severity: string }[]
  readonly [member: string]: unknown
}

function ask(url: string, key?: string): Promise<Response> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  return fetch(`${url}/v1/webhook/health`, { headers })
}

async function health(): Promise<Health> {
  return (await (await ask(ingress.url, KEYS.operator)).json()) as Health
}

const digestOf = (body: Buffer) => createHash('sha256').update(body).digest('hex')
const rowOf = async (body: Buffer, cause: string) =>
  (await health()).recentErrors.find(
    (row) => row.bodySha256 === digestOf(body) && row.cause === cause,
  )
const tap = (token: string) => wire(webhook(entry([optIn({ one_time_notif_token: token })])))
const alarmsOnLog = () => values(bus, { topic: 'alarm', record: 'AlarmEvent' })

function theBroker(): KafkaEngine['brokers'][number] {
  const [broker] = kafka.brokers
  if (!broker) throw new Error('no broker of our own')
  return broker
}

async function deliver(body: Buffer): Promise<void> {
  await until('the webhook is taken', async () => (await post(ingress.url, body)).status === 200)
}

describe('the answer', () => {
  const tapped = tap('4400000000000901')
  test.each([
    ['accepted', tapped],
    ['there already', tapped],
    ['of an unknown kind', wire(webhook(entry([item({ brand_new: {} })])))],
    ['kept in quarantine', fixture('invalid/cut.json')],
  ])(
    'to a webhook that is %s is exactly 200, with Kafka alone in reach [S1-45] [S1-49]',
    async (_, body) => {
      expect((await post(ingress.url, body)).status).toBe(200)
    },
  )

  test('to an unverified one is never of the 200s, and is no failure of ours [S1-45]', async () => {
    const body = tap('4400000000000902')
    const headers = { 'x-hub-signature-256': sha256Header(body, 'another-secret') }
    const statuses: number[] = []
    for (let minute = 0; minute < 20; minute += 1) {
      statuses.push((await post(ingress.url, body, headers)).status)
      clock.ms += MINUTE_MS
    }
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(await rowOf(body, 'signature')).toMatchObject({ times: 20, pages: null })
    // Whoever signs with another secret than ours may be the platform.
    const alarms = async () => (await health()).alarms.map(({ alarm }) => alarm)
    await until('the warning stands', async () => (await alarms()).length > 0)
    expect(await alarms()).toEqual(['webhook-unverified'])
    expect(await health()).toMatchObject({ failingSinceMs: null })
    await deliver(tap('4400000000000906'))
    await until('the warning is taken back', async () => (await alarms()).length === 0)
  })
})

describe('the health of webhooks', () => {
  test('is for who holds the scope operations, and for nobody where no keys are set', async () => {
    const statusOf = async (key?: string) => (await ask(ingress.url, key)).status
    expect(await statusOf()).toBe(401)
    expect(await statusOf(KEYS.reader)).toBe(403)
    expect(await statusOf(KEYS.operator)).toBe(200)
    const keyless = await runIngress(place)
    expect((await ask(keyless.url, KEYS.operator)).status).toBe(401)
    expect((await post(keyless.url, tap('4400000000000903'))).status).toBe(200)
    await keyless.close()
  })

  test('while Kafka is away shows who failed and alarms before 15 minutes, once [S1-45] [S1-47] [S1-50]', async () => {
    const body = tap('4400000000000904')
    await deliver(tap('4400000000000905'))
    const startedMs = clock.ms
    await theBroker().stop()
    const first = await post(ingress.url, body)
    expect(first.status).toBe(503)
    expect(await health()).toMatchObject({ alarms: [], failingSinceMs: startedMs })
    clock.ms += 4 * MINUTE_MS
    expect((await post(ingress.url, body)).status).toBe(503)
    await until('the alarm stands', async () => (await health()).alarms.length > 0)
    expect(clock.ms - startedMs).toBeLessThan(15 * MINUTE_MS)
    const { alarms, metaSide } = await health()
    expect(alarms).toMatchObject([{ alarm: 'webhook-failing', severity: 'warning' }])
    expect(metaSide).toContain('Show recent errors')
    expect(await rowOf(body, 'log-unavailable')).toMatchObject({
      ...{ pages: ['1000'], firstAtMs: startedMs, lastAtMs: clock.ms, times: 2 },
    })
    expect(ingress.logged()).toContain('alarm.raised')
    const metrics = await (await fetch(`${ingress.url}/metrics`)).text()
    const warning = 'alarm="webhook-failing",severity="warning",service="ingress"'
    expect(metrics).toContain(`otn_ingress_alarm{${warning}} 1`)
    expect(metrics).toContain('otn_ingress_failing_seconds{service="ingress"} 240')
  })

  test('after Kafka is back has its alarm on the log, raised and cleared, once each [S1-47]', async () => {
    const failing = async () =>
      (await alarmsOnLog()).filter(({ alarm }) => alarm === 'webhook-failing')
    await theBroker().start()
    await deliver(tap('4400000000000904'))
    await until('the alarm is cleared', async () => (await failing()).length >= 2)
    // Whoever wrote it twice would do so within these.
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    const [raised, cleared, ...more] = await failing()
    expect(more).toEqual([])
    const about = { alarm: 'webhook-failing', subject: `webhook at ${hostname()}` }
    expect(raised).toMatchObject({ ...about, type: 'AlarmRaised', severity: 'warning' })
    expect(cleared).toMatchObject({ ...about, type: 'AlarmCleared' })
    expect(cleared?.causationId).toBe(raised?.eventId)
    expect(await health()).toMatchObject({ alarms: [], failingSinceMs: null })
  })
})
