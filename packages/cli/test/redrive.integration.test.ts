/** Hundreds of entries on a real log, taken up by a process that is interrupted half-way. */
import { createSecretKey } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenedLog, OutRecord } from '@otn/bus'
import { cloudEventHeaders, kafkaTopics, type Notify, type TopicAlias } from '@otn/contracts'
import { commandId, pageId, pageScopedUserId, Secret } from '@otn/kernel'
import { quarantineId } from '@otn/policy'
import { testScope } from '@otn/testing'
import { createIdentity, createVault, parseMasterKeys } from '@otn/vault'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLog } from '../src/log/open-log.ts'
import { readLog } from '../src/log/read-log.ts'
import { type Settings, startOtn } from './support/otn.ts'

const scope = testScope()
const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const PAGE = pageId('1000')
const COUNT = 700
const PERSONAL = /271828\d|44000000\d|Hello/

const identity = createIdentity(createSecretKey(Buffer.from('test-pepper')))
const parsed = parseMasterKeys(MASTER_KEY)
if ('fault' in parsed) throw new Error(parsed.fault)
const vault = createVault(parsed.keys)

let folder: string
let env: Settings
let log: OpenedLog

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-redrive-'))
  env = {
    OTN_MODE: 'demo',
    USER: 'ada',
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
    SCHEMA_IDS_FILE: join(folder, 'schema-ids.json'),
    OTN_PERSON_PEPPER: 'test-pepper',
    OTN_MASTER_KEY: MASTER_KEY,
  }
  const page = { pageId: PAGE, name: 'A page', appId: '7', accessToken: 'T', topics: [] }
  await writeFile(join(folder, 'pages.json'), JSON.stringify([{ ...page, topicRules: [] }]))
  for (const line of ['topics apply', 'schemas publish', 'pages import pages.json']) {
    const { code, err } = await otn(line).ended
    if (code !== 0) throw new Error(`${line}: ${err}`)
  }
  log = await openLog({
    ...{ kafkaBrokers: scope.kafkaBrokers, kafkaSsl: false, kafkaSslCaFile: null },
    ...{ kafkaSaslMechanism: 'none', kafkaSaslUsername: null },
    ...{ kafkaSaslPassword: new Secret('none'), topicPrefix: scope.prefix, replicationFactor: 1 },
    ...{ schemaRegistryUrl: scope.schemaRegistryUrl, schemaIdsFile: null },
  })
})

afterAll(async () => {
  await log?.bus.close(5_000)
  await rm(folder, { recursive: true, force: true })
})

const otn = (line: string) => startOtn(line.split(' '), { env, cwd: folder })
const numbered = <T>(make: (n: number) => T): readonly T[] =>
  Array.from({ length: COUNT }, (_, n) => make(n))
const append = (records: readonly OutRecord[]) =>
  log.bus.appender({ deadlineMs: 30_000 }).append(records)

/** As the ingress of an older build kept it. */
function quarantined(n: number): OutRecord {
  const optin = { type: 'one_time_notif_req', payload: 'x', one_time_notif_token: `44000000${n}` }
  const item = {
    sender: { id: `271828${n}` },
    recipient: { id: PAGE },
    timestamp: 1.7e12 + n,
    optin,
  }
  const id = { page: PAGE, reason: 'item-malformed', identifiedBy: JSON.stringify(item) }
  const eventId = quarantineId(id, identity)
  const context = { record: 'QuarantinedItem', eventId, owner: PAGE }
  const value = log.codec.encode('QuarantinedItem', {
    ...{ type: 'ItemQuarantined', eventId, pageId: PAGE, at: Date.now(), reason: id.reason },
    ...{ bodySha256: 'b'.repeat(64), ...vault.seal({ item }, context) },
  })
  const type = 'ItemQuarantined'
  const headers = { ...cloudEventHeaders({ id: eventId, source: '/otn/ingress', type }) }
  return { topic: 'quarantine', key: PAGE, value, headers }
}

/** As a dispatcher parked it while the registry did not know its schema. */
function parked(n: number): OutRecord {
  const notify: Notify = {
    ...{ commandId: commandId(`c-${n}`), pageId: PAGE, psid: pageScopedUserId(`271828${n}`) },
    ...{ topic: 'restock', text: 'Hello' },
  }
  const original = log.codec.encode('Notify', notify)
  const sourceTopic = `${scope.prefix}${kafkaTopics.notify.name}`
  const eventId = identity.event('MessageParked', PAGE, [sourceTopic, '0', String(n)])
  const context = { record: 'ParkedMessage', eventId, owner: PAGE }
  const key = Buffer.from(`${PAGE}:c-${n}`).toString('base64')
  const content = { key, value: original.toString('base64'), headers: { n: String(n) } }
  const value = log.codec.encode('ParkedMessage', {
    ...{ type: 'MessageParked', eventId, pageId: PAGE, at: Date.now(), reason: 'unknown-schema' },
    ...{ commandId: notify.commandId, sourceTopic, sourcePartition: 0, sourceOffset: String(n) },
    ...vault.seal(content, context),
  })
  return { topic: 'parked', key: PAGE, value, headers: {} }
}

/** How often each id stands on a Kafka topic. */
async function timesOf(topic: TopicAlias, type: string | null = null) {
  const times = new Map<string, number>()
  await readLog(log, {
    topics: [topic],
    until: 'end',
    onRecord: ({ decoded }) => {
      if (decoded.kind !== 'known') throw new Error(`${topic}: ${decoded.kind}`)
      const value: object = decoded.value
      if (type !== null && !('type' in value && value.type === type)) return
      const id = 'eventId' in value ? String(value.eventId) : String(Object(value).commandId)
      times.set(id, (times.get(id) ?? 0) + 1)
    },
  })
  return { ids: times.size, most: Math.max(0, ...times.values()) }
}

/** Runs a command that shows its progress, and interrupts it upon the first sign of it. */
async function interrupted(line: string): Promise<number | null> {
  const process = otn(line)
  await process.saw(` of ${COUNT} entries done`)
  process.kill('SIGINT')
  return (await process.ended).code
}

test.each([
  ['quarantine', quarantined, 'optIn', 'ItemRedriven'],
  ['parked', parked, 'notify', 'MessageRedriven'],
] as const)(
  '%s: interrupted half-way and run again, each stands on the log exactly once',
  async (keptIn, make, target, mark) => {
    await append(numbered(make))
    const line = `${keptIn} redrive --all --yes`
    expect(await interrupted(line)).toBe(130)
    const half = await timesOf(keptIn, mark)
    expect(half.ids).toBeGreaterThan(0)
    expect(half.ids).toBeLessThan(COUNT)
    const resumed = await otn(`${line} --json`).ended
    expect([resumed.code, `${resumed.out}${resumed.err}`.match(PERSONAL)]).toEqual([0, null])
    expect(JSON.parse(resumed.out).redriven).toBe(COUNT - half.ids)
    const whole = { ids: COUNT, most: 1 }
    expect(await timesOf(target)).toEqual(whole)
    expect(await timesOf(keptIn, mark)).toEqual(whole)
    const again = await otn(`${line} --json`).ended
    expect(JSON.parse(again.out)).toMatchObject({ published: false, redriven: 0, left: 0 })
    expect(await timesOf(target)).toEqual(whole)
  },
)

test('what readers of the log show of it names nobody, and they pass over what resolves', async () => {
  const tail = startOtn(['tail', 'quarantine', 'parked', '--since', '1h', '--json'], {
    ...{ env, cwd: folder },
  })
  await tail.saw('MessageRedriven')
  tail.kill('SIGINT')
  const { out } = await tail.ended
  expect(out).toContain('"resolvedBy":"ada"')
  expect(out).not.toMatch(PERSONAL)
})
