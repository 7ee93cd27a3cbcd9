import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenedLog, openLog } from '@otn/bus'
import { allKafkaTopics, type PageEvent } from '@otn/contracts'
import { Secret } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { createVault, parseMasterKeys } from '@otn/vault'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Settings, startOtn } from './support/otn.ts'

const scope = testScope()
const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`
const ACCESS_TOKEN = 'PLANTED_ACCESS_TOKEN'
const page = {
  pageId: '1000',
  name: 'A page',
  appId: '7',
  accessToken: ACCESS_TOKEN,
  topics: ['restock-1234'],
  topicRules: [{ ruleId: 'identity', kind: 'identity', priority: 100 }],
}

let folder: string
let env: Settings

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'otn-cli-'))
  env = {
    OTN_MODE: 'demo',
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
    SCHEMA_IDS_FILE: join(folder, 'ids', 'schema-ids.json'),
    OTN_PERSON_PEPPER: 'test-pepper',
    OTN_MASTER_KEY: MASTER_KEY,
  }
  await writeFile(join(folder, 'pages.json'), JSON.stringify([page]))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const start = (line: string, extra: Settings = {}) =>
  startOtn(line.split(' '), { env: { ...env, ...extra }, cwd: folder })
const otn = (line: string, extra: Settings = {}) => start(line, extra).ended
const json = async (line: string) => JSON.parse((await otn(`${line} --json`)).out)

describe('setting a deployment up, in the order in which it is done', () => {
  test('topics: what is missing is planned, created once, and then there is nothing to do', async () => {
    const plan = await otn('topics plan --json')
    expect(plan.code).toBe(1)
    expect(JSON.parse(plan.out).differences).toHaveLength(allKafkaTopics.length)
    const applied = await json('topics apply')
    expect(applied.created).toHaveLength(allKafkaTopics.length)
    expect(applied.created[0]).toBe(`${scope.prefix}otn.optin.events.v1`)
    expect(await json('topics apply')).toEqual({ created: [], altered: [], faults: [] })
    expect((await otn('topics plan')).code).toBe(0)
  })

  test('topics with one copy are refused in production mode', async () => {
    const { code, err } = await otn('topics apply --replication-factor 1', {
      OTN_MODE: 'production',
    })
    expect(code).toBe(78)
    expect(err).toContain('KAFKA_REPLICATION_FACTOR: got 1 in production mode')
  })

  test('schemas: what is not published is found, published, and written down once', async () => {
    const { code, out } = await otn('schemas check --json')
    expect(code).toBe(1)
    expect(JSON.parse(out).faults).toHaveLength(allKafkaTopics.length)
    const published = await json('schemas publish')
    expect(published.file.added).toBe(allKafkaTopics.length)
    const written = JSON.parse(await readFile(env.SCHEMA_IDS_FILE ?? '', 'utf8'))
    expect(written).toEqual(published.ids)
    expect((await json('schemas publish')).file.added).toBe(0)
    expect((await otn('schemas check')).code).toBe(0)
  })

  test('pages: an import binds the deployment, publishes once and seals the access token', async () => {
    const first = await json('pages import pages.json')
    const types = first.published.map(({ type }: { readonly type: string }) => type)
    expect(types).toEqual(['PageConnected', 'TopicDeclared', 'TopicRuleSet'])
    expect(first.pinned).toBe(true)
    const second = await json('pages import pages.json')
    expect(second).toEqual({ pinned: false, published: [], unchanged: 3 })
    const events = await pageEvents()
    expect(events.map(({ type }) => type).toSorted()).toEqual([
      'DeploymentPinned',
      'PageConnected',
      'TopicDeclared',
      'TopicRuleSet',
    ])
    expect(accessTokenIn(events)).toBe(ACCESS_TOKEN)
  })

  test('pages: two people who import at the same time leave each fact under one id', async () => {
    const changed = { ...page, pageId: '1001' }
    await writeFile(join(folder, 'both.json'), JSON.stringify([page, changed]))
    await Promise.all([otn('pages import both.json'), otn('pages import both.json')])
    const ofPage = (await pageEvents()).filter(({ pageId }) => pageId === '1001')
    expect(new Set(ofPage.map(({ eventId }) => eventId)).size).toBe(3)
    expect((await json('pages import both.json')).published).toEqual([])
  })

  test('pages: another pepper than the pinned one is refused', async () => {
    const extra = { OTN_PERSON_PEPPER: 'another-pepper' }
    const { code, err } = await otn('pages import pages.json', extra)
    expect(code).toBe(78)
    expect(err).toContain('OTN_PERSON_PEPPER is not the one this deployment is bound to')
  })
})

describe('looking at the log', () => {
  test('a published command is found, explained, and shows nothing personal', async () => {
    const ids = '--page 1000 --psid 2000123456 --topic restock-1234 --command-id planted'
    const published = await otn(`notify ${ids} --text PLANTED_TEXT`)
    expect(published.err).toBe('next: pnpm otn explain planted --page 1000\n')
    const story = await json('explain planted --page 1000')
    expect(story.verdict.state).toBe('published')
    const told = await otn('tail commands --until-caught-up')
    expect(told.out).toMatch(/otn\.notify\.commands\.v1\/\d+@0 {2}Notify {2}commandId=planted/)
    for (const text of [JSON.stringify(story), told.out]) {
      expect(text).not.toMatch(/PLANTED_TEXT|2000123456/)
    }
  })

  test('a withdrawal is found on the log, and shows nothing personal', async () => {
    const ids = '--page 1000 --psid 2000123457 --topic restock-1234 --command-id withdrawn'
    const published = await otn(`consent withdraw ${ids}`)
    expect(published.code).toBe(0)
    expect(published.out).toMatch(/withdrawal published {2}command withdrawn {2}\S+consent/)
    const told = await otn('tail commands --until-caught-up')
    expect(told.out).toMatch(/WithdrawConsent {2}commandId=withdrawn/)
    expect(told.out).not.toContain('2000123457')
  })

  test('tail begins at an instant', async () => {
    const { out } = await otn('tail all --since 1h --until-caught-up --json')
    expect(out.split('\n').filter(Boolean).length).toBeGreaterThan(4)
    const later = await otn('tail all --since -0s --until-caught-up --json')
    expect(later.out).toBe('')
  })

  test('tail follows until it is interrupted, and ends with 130', async () => {
    const tail = start('tail commands')
    await tail.saw('following 5 Kafka topics')
    await otn('notify --page 1000 --psid 2000 --topic restock-1234 --text Hi --command-id live')
    await tail.saw('commandId=live')
    tail.kill('SIGINT')
    expect((await tail.ended).code).toBe(130)
  })

  test('tail ends quietly when its reader has gone', async () => {
    const tail = start('tail all --since beginning')
    await tail.saw('DeploymentPinned')
    tail.hangUp()
    await otn('notify --page 1000 --psid 2000 --topic restock-1234 --text Hi')
    const { code, err } = await tail.ended
    expect(code).toBe(0)
    expect(err).not.toContain('EPIPE')
  })

  test('a broker that is not there ends with 4 and says which', async () => {
    const { code, err } = await otn('tail --until-caught-up --kafka 127.0.0.1:9')
    expect(code).toBe(4)
    expect(err).toContain('OTN_BUS_UNREACHABLE')
  })
})

async function withLog<T>(look: (log: OpenedLog) => Promise<T>): Promise<T> {
  const log = await openLog(
    {
      kafkaBrokers: scope.kafkaBrokers,
      kafkaSsl: false,
      kafkaSslCaFile: null,
      kafkaSaslMechanism: 'none',
      kafkaSaslUsername: null,
      kafkaSaslPassword: new Secret('none'),
      topicPrefix: scope.prefix,
      replicationFactor: 1,
      schemaRegistryUrl: scope.schemaRegistryUrl,
      schemaIdsFile: null,
    },
    { clientId: 'test', log: { debug() {}, info() {}, warn() {}, error() {} } },
  )
  try {
    return await look(log)
  } finally {
    await log.bus.close(5_000)
  }
}

/** Every page event; fails where the bytes of one show the access token. */
function pageEvents(): Promise<readonly PageEvent[]> {
  return withLog(async ({ bus, codec }) => {
    const events: PageEvent[] = []
    const following = await bus.follow({
      topics: ['page'],
      until: 'end',
      onCrash: () => {},
      onBatch: ({ records }) => {
        for (const { value } of records) {
          expect(value?.includes(ACCESS_TOKEN)).toBe(false)
          const decoded = codec.decode('PageEvent', value)
          if (decoded.kind === 'known') events.push(decoded.value)
        }
      },
    })
    await following.finished
    return events
  })
}

function accessTokenIn(events: readonly PageEvent[]): unknown {
  const parsed = parseMasterKeys(MASTER_KEY)
  const connected = events.find((event) => event.type === 'PageConnected')
  if ('fault' in parsed || connected?.type !== 'PageConnected') return null
  const { eventId, pageId: owner } = connected
  return createVault(parsed.keys).open(connected, { record: 'PageEvent', eventId, owner })
    .accessToken
}
