/** Tokens of another tool, on a real log: one fact each, under the id that their webhook has. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OptInReceived, QuarantinedItem } from '@otn/contracts'
import { Secret } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { createVault, parseMasterKeys } from '@otn/vault'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLog } from '../src/log/open-log.ts'
import { readLog } from '../src/log/read-log.ts'
import { type Settings, startOtn } from './support/otn.ts'

const scope = testScope()
const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
/** Of the design's vectors: what a webhook with this page, person and token is called. */
const VECTOR = {
  eventId: '0a719c618eb4f863c1861cd8fb659235',
  person: 'sStxGmklUR7y9IbqqR-AlG',
  tokenId: '19342fe8002e6df3cf684809ae863aef',
}
const HEADER = 'pageId,psid,token,payload,grantedAt'
const GOOD = [
  '1000,2000,4400000000000001,restock-1234,2026-03-01T10:00:00Z',
  '1000,2001,4400000000000002,otn1:restock-1234:shoes,1772359200',
  '1000,2002,4400000000000003,"no, topic",1772359200000',
]
const BAD = '1000,2003,,restock-1234,2026-03-01T10:00:00Z'
const PERSONAL = /2000|2001|2002|2003|44000000000000/

let folder: string
let env: Settings

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-import-'))
  env = {
    OTN_MODE: 'demo',
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
    SCHEMA_IDS_FILE: join(folder, 'schema-ids.json'),
    OTN_PERSON_PEPPER: 'test-pepper',
    OTN_MASTER_KEY: MASTER_KEY,
  }
  const topicRules = [{ ruleId: 'identity', kind: 'identity', priority: 100 }]
  const page = { pageId: '1000', name: 'A page', appId: '7', accessToken: 'T', topicRules }
  await writeFile(join(folder, 'pages.json'), JSON.stringify([{ ...page, topics: [] }]))
  await writeFile(join(folder, 'tokens.csv'), [HEADER, ...GOOD, BAD].join('\n'))
  for (const line of ['topics apply', 'schemas publish', 'pages import pages.json']) {
    const { code, err } = await otn(line)
    if (code !== 0) throw new Error(`${line}: ${err}`)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const otn = (line: string) => startOtn(line.split(' '), { env, cwd: folder }).ended

async function onLog() {
  const log = await openLog({
    ...{ kafkaBrokers: scope.kafkaBrokers, kafkaSsl: false, kafkaSslCaFile: null },
    ...{ kafkaSaslMechanism: 'none', kafkaSaslUsername: null },
    ...{ kafkaSaslPassword: new Secret('none'), topicPrefix: scope.prefix, replicationFactor: 1 },
    ...{ schemaRegistryUrl: scope.schemaRegistryUrl, schemaIdsFile: null },
  })
  const [consents, quarantined] = [[] as OptInReceived[], [] as QuarantinedItem[]]
  await readLog(log, {
    topics: ['optIn', 'quarantine'],
    until: 'end',
    onRecord: ({ topic, decoded }) => {
      if (decoded.kind !== 'known') throw new Error(`${topic}: ${decoded.kind}`)
      if (topic === 'optIn') consents.push(decoded.value)
      else quarantined.push(decoded.value)
    },
  })
  await log.bus.close(5_000)
  return { consents, quarantined }
}

function opened(fact: OptInReceived): unknown {
  const parsed = parseMasterKeys(MASTER_KEY)
  if ('fault' in parsed) throw new Error(parsed.fault)
  const { eventId, person: owner } = fact
  return createVault(parsed.keys).open(fact, { record: 'OptInReceived', eventId, owner })
}

test('a plan alone publishes nothing, and shows nobody', async () => {
  const { code, out, err } = await otn('tokens import tokens.csv --dry-run --json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ published: false, tokens: 3, quarantined: 1 })
  expect(`${out}${err}`).not.toMatch(PERSONAL)
  expect(await onLog()).toEqual({ consents: [], quarantined: [] })
})

test('each token is the fact that its webhook would have been, by the same rules [S0-21]', async () => {
  const { code, out, err } = await otn('token import tokens.csv --yes')
  expect({ code, err: err.match(PERSONAL) }).toEqual({ code: 0, err: null })
  expect(out).not.toMatch(PERSONAL)
  const { consents, quarantined } = await onLog()
  const [first, second, third] = consents.toSorted(({ topicRule: a }, { topicRule: b }) =>
    String(a).localeCompare(String(b)),
  )
  expect(first).toMatchObject({ ...VECTOR, origin: 'import', topic: 'restock-1234' })
  expect(first).toMatchObject({ grantedAt: Date.UTC(2026, 2, 1, 10), topicRule: 'identity' })
  expect(second).toMatchObject({ topic: null, topicRule: null, grantedAt: 1_772_359_200_000 })
  expect(third).toMatchObject({ topic: 'restock-1234', topicRule: 'otn1' })
  expect(first && opened(first)).toEqual({
    ...{ psid: '2000', token: '4400000000000001', payload: 'restock-1234' },
  })
  expect(quarantined).toHaveLength(1)
  expect(Buffer.from(JSON.stringify(quarantined)).toString()).not.toMatch(/2003/)
})

test('what stands on the log is not published again, whoever put it there [S0-24]', async () => {
  const more = '1000,2004,4400000000000004,restock-1234,2026-03-02T10:00:00Z'
  await writeFile(join(folder, 'more.csv'), [HEADER, ...GOOD, more, more].join('\n'))
  const { code, out } = await otn('token import more.csv --yes --json')
  expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, tokens: 1, unchanged: 3 })
  expect((await onLog()).consents).toHaveLength(4)
})

test('a file that names a page which is not connected publishes nothing of it', async () => {
  const strange = '1999,2005,4400000000000005,restock-1234,2026-03-02T10:00:00Z'
  await writeFile(join(folder, 'strange.csv'), [HEADER, strange].join('\n'))
  const { code, err } = await otn('token import strange.csv --yes')
  expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('page 1999') })
  expect((await onLog()).consents).toHaveLength(4)
})
