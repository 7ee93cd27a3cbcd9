import {
  type AlarmEvent,
  codecInMemory,
  type MessageParked,
  type NotificationEvent,
} from '@otn/contracts'
import { commandId, eventId, pageId, personId, tokenId } from '@otn/kernel'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EnginePorts } from '../doctor/engine-ports.ts'
import { FAKE_ENV, run } from '../fake-shell.ts'
import { createFakeLog, type FakeLog } from '../log/fake-log.ts'

const NOW = Date.UTC(2026, 10, 22, 8)
const OUT = '/repo/bundle.json'

/** Wherever a secret or somebody's data could come from, a value that is found again. */
const SECRETS = {
  OTN_API_KEY: 'planted-api-key-1',
  META_APP_SECRET: 'planted-app-secret-1,planted-app-secret-2',
  META_VERIFY_TOKEN: 'planted-verify-token',
  OTN_PERSON_PEPPER: 'planted-pepper-of-persons',
  OTN_MASTER_KEY: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  KAFKA_SASL_PASSWORD: 'planted-sasl-password',
  MONGODB_URI: 'mongodb://planted-user:planted%2Fpassword@mongo-1,mongo-2/?authSource=planted-q',
  SCHEMA_REGISTRY_PASSWORD: 'planted-registry-password',
  DISPATCHER_LEDGER_API_KEY: 'planted-ledger-key',
  LEDGER_WHATEVER_URL: 'https://planted-other-user:planted-other-pass@host/?token=planted-query',
} as const
const PSID = '7712345098765432'
const TOKEN = '4409876543210987'
const PERSON = 'sStxGmklUR7y9IbqqR-AlG'
const NEEDLES = [
  ...['planted', Buffer.alloc(32, 7).toString('base64'), PSID, TOKEN, PERSON],
  ...['Hello Ada', 'ada@example.com', 'sealed-bytes'],
]
const TALK = `"Hello Ada" for psid=${PSID}, token ${TOKEN}, planted-app-secret-2, ada@example.com`

let log: FakeLog

const about = (id: string) => ({ eventId: eventId(id), pageId: pageId('1000'), at: NOW - 1_000 })

beforeAll(async () => {
  expect(NEEDLES.every((needle) => needle.length > 5)).toBe(true)
})

beforeEach(async () => {
  log = createFakeLog(await codecInMemory())
  const failed: NotificationEvent = {
    ...{ type: 'NotificationFailed', ...about('a'), commandId: commandId('ada@example.com') },
    ...{ commandDigest: 'd', attempt: 1, person: personId(PERSON), tokenId: tokenId('t') },
    ...{ reason: 'policy-block', graphCode: 368, fbtraceId: 'AbCdTrace', detail: TALK },
    ...{ topic: 'planted-topic', requestedBy: 'planted-shop', tokenReleased: false },
  }
  log.append('notification', { name: 'NotificationEvent', value: failed, timestampMs: NOW })
  const alarm: AlarmEvent = {
    ...{ type: 'AlarmRaised', ...about('b'), alarm: 'page-unfollowed', severity: 'critical' },
    ...{ subject: TALK, detail: TALK },
  }
  log.append('alarm', { name: 'AlarmEvent', value: alarm, timestampMs: NOW })
  const parked: MessageParked = {
    ...{ type: 'MessageParked', ...about('c'), reason: 'unknown-field', detail: TALK },
    ...{ commandId: commandId(PSID), sourceTopic: 'otn.notify.commands.v1', sourcePartition: 0 },
    ...{ sourceOffset: '7', keyId: 'k1', sealed: Buffer.from('sealed-bytes') },
  }
  log.append('parked', { name: 'ParkedMessage', value: parked, timestampMs: NOW })
})

const broken = async (): Promise<never> => {
  throw new Error(TALK)
}
const enginesOf = (): EnginePorts => ({
  nodeVersion: 'v24.0.0',
  openBus: () => log.opened.bus,
  planTopics: async () => [],
  askRegistry: async () => {},
  checkSchemas: async () => [],
  askMongodb: broken,
  setUpClient: () => {
    throw new Error(TALK)
  },
})

/** A service that says more than it should. */
const answer = ({ url }: Request) => {
  if (url.endsWith('/metrics')) {
    return new Response(`otn_dispatcher_lag_records{topic="notify"} 3\nsaid{psid="${PSID}"} 1\n`)
  }
  const errors = [{ cause: 'signature', pages: [PSID], bodySha256: TALK, times: 2, lastAtMs: NOW }]
  const health = { recentErrors: [...errors, { cause: TALK }], refused: { signature: 2 }, TALK }
  return Response.json({ ...health, reasons: [TALK], topics: {}, alarms: [{ alarm: TALK }] })
}

async function bundle(parts: object = {}) {
  const written = new Map<string, string>()
  const env = { ...FAKE_ENV, ...SECRETS, KAFKA_TOPIC_PREFIX: 'shop.', INGRESS_PORT: '8080' }
  const around = { env, log: log.opened, engines: enginesOf(), answer, nowMs: NOW, written }
  const ran = await run('support bundle --out bundle.json', { ...around, ...parts })
  const text = written.get(OUT) ?? ''
  return { ...ran, text, read: text === '' ? null : JSON.parse(text), written }
}

describe('[S0-30] otn support bundle', () => {
  test('holds no secret and nothing of a person, whatever anybody said', async () => {
    const { code, text, out, err } = await bundle()
    expect(code).toBe(0)
    for (const needle of NEEDLES) {
      expect(text, needle).not.toContain(needle)
      expect(out + err, needle).not.toContain(needle)
    }
  })

  test('tells versions, settings, the lines of the doctor, sizes, lag, errors and alarms', async () => {
    const { read } = await bundle()
    expect(read.versions).toMatchObject({ node: 'v24.0.0', otn: expect.any(String) })
    const settings = new Map(
      read.settings.map((one: { readonly env: string }) => [one.env, one] as const),
    )
    expect(settings.get('KAFKA_TOPIC_PREFIX')).toMatchObject({ from: 'given', value: 'shop.' })
    expect(settings.get('INGRESS_PORT')).toMatchObject({ value: '8080' })
    expect(settings.get('OTN_MASTER_KEY')).toMatchObject({ value: '[secret]' })
    expect(settings.get('META_VERIFY_TOKEN')).toMatchObject({ value: '[secret]' })
    expect(settings.get('GRAPH_VERSION')).toMatchObject({ from: 'default', value: 'v21.0' })
    expect(read.doctor.lines.length).toBeGreaterThan(5)
    expect(read.kafkaTopics).toContainEqual({
      ...{ kafkaTopic: 'shop.otn.notification.events.v1', partitions: 1, records: 1 },
    })
    expect(read.dispatcherLag).toMatchObject([{ value: 3 }])
    expect(read.webhooks.recentErrors[0]).toMatchObject({ cause: 'signature', times: 2 })
    expect(read.parked).toMatchObject({ open: 1, byReason: { 'unknown-field': 1 } })
    expect(read.failures).toMatchObject([
      {
        type: 'NotificationFailed',
        reason: 'policy-block',
        graphCode: 368,
        fbtraceId: 'AbCdTrace',
      },
    ])
    expect(read.alarms.standing).toMatchObject([{ alarm: 'page-unfollowed' }])
  })

  test('is written although nobody answers, and says of each part why', async () => {
    const openBus = () => {
      throw new Error(TALK)
    }
    const engines = { ...enginesOf(), openBus }
    const { answer: _nobody, ...silent } = { answer }
    const { code, read, err } = await bundle({ ...silent, answer: broken, log: undefined, engines })
    expect(code).toBe(0)
    expect(read.kafkaTopics).toEqual({ unread: 'Error' })
    expect(read.webhooks).toMatchObject({ unread: expect.stringContaining('ingress') })
    expect(read.versions.node).toBe('v24.0.0')
    expect(err).toContain('could not be read, and says why: kafkaTopics')
  })

  test('masks a secret that is set wherever else it stands', async () => {
    const why = 'no login with planted-app-secret-2 at mongodb://planted-user:planted%2Fpassword@m'
    const reasons = [why, `key ${SECRETS.OTN_MASTER_KEY.slice(3)}`]
    const { text } = await bundle({ answer: () => Response.json({ reasons }, { status: 503 }) })
    expect(text).toContain('no login with [masked] at mongodb://[secret]@m; key [masked]')
    for (const needle of NEEDLES) expect(text, needle).not.toContain(needle)
  })

  test('overwrites no file', async () => {
    const written = new Map([[OUT, 'mine']])
    const { code, err } = await bundle({ written })
    expect(code).toBe(1)
    expect(err).toContain(`${OUT} cannot be written: EEXIST`)
    expect(written.get(OUT)).toBe('mine')
  })
})
