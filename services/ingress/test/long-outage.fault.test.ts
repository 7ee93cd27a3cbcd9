/** Seventy minutes without Kafka, as the platform sees them: with a spool it sees nothing. */
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@otn/bus'
import { type KafkaEngine, startKafka } from '@otn/engines'
import { MINUTE_MS, pageId } from '@otn/kernel'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  APP_ID,
  type Ingress,
  readyBus,
  runIngress,
  until,
  VERIFY_TOKEN,
  values,
} from './running-ingress.ts'
import { APP_SECRET } from './samples.ts'
import { identity } from './surroundings.ts'

const OUTAGE_MINUTES = 70
const ALERT_MS = 15 * MINUTE_MS
const SHOP = '1000'

const folder = mkdtempSync(join(tmpdir(), 'otn-spool-'))
let kafka: KafkaEngine
let bus: Bus
let meta: Simulator
let ingress: Ingress

beforeAll(async () => {
  kafka = await startKafka()
  const place = { kafkaBrokers: kafka.kafkaBrokers, prefix: 'seventy.' }
  bus = await readyBus(place)
  meta = await startSimulator({
    ...{ appId: APP_ID, appSecret: APP_SECRET, verifyToken: VERIFY_TOKEN, seed: '7' },
    pages: [{ pageId: SHOP, name: 'Shop' }],
    clock: { running: false },
  })
  ingress = await runIngress(place, {
    OTN_CLOCK_URL: meta.clockUrl,
    INGRESS_SPOOL_DIR: folder,
    INGRESS_SPOOL_AFTER_MS: String(5 * MINUTE_MS),
  })
  await meta.registerWebhook({ callbackUrl: `${ingress.url}/webhook` })
})

afterAll(async () => {
  await ingress?.close()
  await meta?.close()
  await bus?.close(2_000)
  await kafka?.stop()
})

/** Somebody new asks to be told. */
async function tap(): Promise<string> {
  const [person] = meta.addPeople({ pageId: SHOP })
  const { psid } = person ?? { psid: '' }
  meta.ask({ pageId: SHOP, psid, payload: 'otn1:restock-1:' })
  return (await meta.tap({ pageId: SHOP, psid, waitMs: 0 })).token
}

test('Kafka away for 70 minutes costs no opt-in, and the platform sees no 15 minutes of failures [S0-24] [S1-47]', async () => {
  const [broker] = kafka.brokers
  if (!broker) throw new Error('no broker of our own')
  const tokens = [await tap()]
  await meta.settled()
  await broker.pause()
  let longestMs = 0
  for (let minute = 0; minute < OUTAGE_MINUTES; minute += 1) {
    tokens.push(await tap())
    // All that is due now is posted and answered, whatever the answer.
    await meta.quiet()
    await meta.advance(MINUTE_MS)
    await meta.quiet()
    const { failingSinceMs } = meta.webhook()
    const nowMs = meta.clock().nowMs
    if (failingSinceMs !== null) longestMs = Math.max(longestMs, nowMs - failingSinceMs)
  }
  expect(longestMs).toBeLessThan(ALERT_MS)
  expect(meta.webhook()).toMatchObject({ alerts: [], lost: 0, waiting: 0, disabled: false })
  expect(readdirSync(folder).some((name) => name.endsWith('.spool'))).toBe(true)
  await broker.resume()
  await until('the spool is empty', () => !readdirSync(folder).some((it) => it.endsWith('.spool')))
  await meta.settled()
  const facts = await values(bus, { topic: 'optIn', record: 'OptInReceived' })
  const ids = new Set(facts.map(({ eventId }) => eventId))
  const wanted = tokens.map((token) => identity.event('OptInReceived', pageId(SHOP), [token]))
  expect(wanted.filter((id) => !ids.has(id))).toEqual([])
  expect(ids.size).toBe(tokens.length)
  const alarms = () => values(bus, { topic: 'alarm', record: 'AlarmEvent' })
  const told = async () =>
    (await alarms()).filter(({ alarm }) => alarm === 'spool-holding').map(({ type }) => type)
  await until('the alarm is told and taken back', async () => (await told()).length >= 3)
  // A start says first that what an earlier process left standing is over.
  expect(await told()).toEqual(['AlarmCleared', 'AlarmRaised', 'AlarmCleared'])
})
