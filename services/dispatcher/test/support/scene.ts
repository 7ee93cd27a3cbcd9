/** A deployment on the real engines, with a made-up ledger and a made-up platform around it. */
import { createHash, createSecretKey, randomInt } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, createBus } from '@otn/bus'
import {
  type CampaignCommand,
  type CampaignEvent,
  type Codec,
  createCodec,
  createRegistryClient,
  findSchemaIds,
  kafkaTopics,
  type NotificationEvent,
  type Notify,
  type OptInRequestEvent,
  publishSchemas,
  type RecordOf,
  type Records,
  type RequestOptIn,
  type TopicAlias,
} from '@otn/contracts'
import { commandId, type PageId, pageId, pageScopedUserId, type TokenId } from '@otn/kernel'
import { createLog, type RunningService, readSettings, type Scope } from '@otn/runtime'
import { type TestScope, testScope, waitFor } from '@otn/testing'
import { createIdentity, createVault, parseMasterKeys, pepperCheck } from '@otn/vault'
import { type Db, MongoClient } from 'mongodb'
import { dispatcherSettings, startDispatcher } from '../../src/service.ts'
import { type FakeGraph, startFakeGraph } from './fake-graph.ts'
import { type FakeLedger, startFakeLedger } from './fake-ledger.ts'

export const PAGE = pageId('1000')
export const TOPIC = 'restock-1234'
export const APP_ID = '4711'
export const PLANTED = {
  pageToken: 'EAAplantedpagetoken',
  appSecret: 'planted-app-secret',
  text: 'planted text of a message',
}
const PEPPER = 'planted-pepper'
const MASTER_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`

const pepper = createSecretKey(Buffer.from(PEPPER))
export const identity = createIdentity(pepper)
export const vault = createVault(keysOf(MASTER_KEY))

/** Scopes of the keys that every scene knows; the key's text is its name. */
const KEYS: Readonly<Record<string, readonly Scope[]>> = {
  'writer-key': ['notifications:write', 'notifications:read', 'operations'],
  'reader-key': ['notifications:read'],
}

type Env = Readonly<Record<string, string>>

export interface Scene extends AsyncDisposable {
  readonly scope: TestScope
  readonly bus: Bus
  readonly codec: Codec
  readonly db: Db
  readonly graph: FakeGraph
  readonly ledger: FakeLedger
  readonly clock: { now: number }
  readonly env: Env
  append<Name extends keyof Records>(
    topic: TopicAlias,
    records: readonly {
      readonly key: string
      readonly record: Name
      readonly value: Records[Name]
    }[],
  ): Promise<void>
  appendRaw(topic: TopicAlias, key: string, value: Buffer | null): Promise<void>
  /** A person taps: the raw token and its id. */
  grant(
    psid?: string,
    about?: { readonly topic?: string; readonly page?: PageId; readonly token?: string },
  ): Promise<Granted>
  notify(values: Partial<Notify>): Promise<Notify>
  /** A question to a person, whose window is open unless the ledger was told otherwise. */
  request(values: Partial<RequestOptIn>): Promise<RequestOptIn>
  /** The same of an opt-in request as below of a notification. */
  requestFacts(command: string): readonly OptInRequestEvent[]
  requestEnded(command: string, types?: readonly string[]): Promise<OptInRequestEvent>
  /** All facts about a command, in the order of its partition, repeats dropped. */
  facts(command: string): readonly NotificationEvent[]
  /** Waits for the fact that ends a command, or for the verdict in doubt. */
  ended(command: string, types?: readonly string[]): Promise<NotificationEvent>
  campaign(command: CampaignCommand): Promise<void>
  /** Facts about a campaign, in their order, repeats dropped. */
  campaignFacts(campaign: string): readonly CampaignEvent[]
  start(more?: Env): Promise<Dispatcher>
}

export interface Granted {
  readonly psid: string
  readonly token: string
  readonly tokenId: TokenId
}

export interface Dispatcher extends RunningService {
  readonly failures: readonly Error[]
  readonly logged: () => string
  get(path: string, key?: string): Promise<Answer>
  post(path: string, body: unknown, headers?: Env): Promise<Answer>
  /** The digest, once nothing is owed any more. */
  digest(): Promise<string>
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are read member by member in assertions
  readonly body: any
  readonly text: string
}

export async function openScene(): Promise<Scene> {
  const scope = testScope()
  const { kafkaBrokers, prefix, schemaRegistryUrl, mongodbUri, database } = scope
  const bus = createBus({ brokers: kafkaBrokers, clientId: 'test', topicPrefix: prefix })
  await bus.topics.apply({ replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true })
  const registry = createRegistryClient(schemaRegistryUrl, 60_000)
  await publishSchemas(registry, prefix)
  const found = await findSchemaIds({ registry, topicPrefix: prefix })
  if ('faults' in found) throw new Error(found.faults.join('\n'))
  const codec = createCodec(found.ids)
  const mongodb = await MongoClient.connect(mongodbUri)
  const appender = bus.appender({ deadlineMs: 20_000 })
  const [graph, ledger] = await Promise.all([
    startFakeGraph(),
    startFakeLedger({ bus, codec, identity, prefix }),
  ])
  const [facts, asked, campaigns] = await Promise.all([
    followFacts(bus, codec, 'notification'),
    followFacts(bus, codec, 'optInRequestEvent'),
    followFacts(bus, codec, 'campaignEvent'),
  ])
  const clock = { now: Date.now() }
  const env = {
    ...environment(scope),
    GRAPH_BASE_URL: graph.url,
    DISPATCHER_LEDGER_URL: ledger.url,
  }
  const running: Dispatcher[] = []
  const scene: Scene = {
    ...{ scope, bus, codec, graph, ledger, clock, env },
    db: mongodb.db(`${database}_dispatcher`),
    append: async (topic, records) => {
      const encoded = records.map(({ key, record, value }) => ({
        ...{ topic, key, headers: {} },
        value: codec.encode(record, value),
      }))
      await appender.append(encoded)
    },
    appendRaw: async (topic, key, value) => {
      await appender.append([{ topic, key, value, headers: {} }])
    },
    grant: (psid = String(randomInt(1e9)), about = {}) =>
      grant(scene, { psid, topic: TOPIC, page: PAGE, token: randomToken(), ...about }),
    notify: async (values) => {
      const id = values.commandId ?? commandId(`c-${randomInt(1e9)}`)
      const command = { pageId: PAGE, topic: TOPIC, text: PLANTED.text, ...values, commandId: id }
      await scene.append('notify', [{ key: `${PAGE}:${id}`, record: 'Notify', value: command }])
      return command
    },
    request: async (values) => {
      const id = values.commandId ?? commandId(`r-${randomInt(1e9)}`)
      const asks = { topic: TOPIC, context: 'shop-7', title: 'Tell you when it is back?' }
      const command = { pageId: PAGE, ...asks, ...values, commandId: id }
      const record = 'RequestOptIn' as const
      await scene.append('optInRequest', [{ key: `${PAGE}:${id}`, record, value: command }])
      return command
    },
    campaign: async (command) => {
      const key = `${command.pageId}:${command.campaignId}`
      await scene.append('campaign', [{ key, record: 'CampaignCommand', value: command }])
    },
    campaignFacts: (campaign) =>
      campaigns.all().filter(({ campaignId }) => campaignId === campaign),
    requestFacts: (command) => asked.about(command),
    requestEnded: (command, types = ['OptInRequestSent', 'OptInRequestFailed']) =>
      until(`the end of ${command}`, () =>
        asked.about(command).findLast(({ type }) => types.includes(type)),
      ),
    facts: (command) => facts.about(command),
    ended: (command, types = ['NotificationSent', 'NotificationFailed']) =>
      until(`the end of ${command}`, () => {
        const told = facts.about(command)
        const end = told.findLast(({ type }) => types.includes(type))
        if (end !== undefined) return end
        throw new Error(told.map(({ type, reason }) => `${type} ${reason ?? ''}`).join(', '))
      }),
    start: async (more = {}) => {
      const dispatcher = await runDispatcher({ ...env, ...more }, clock)
      running.push(dispatcher)
      return dispatcher
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map((dispatcher) => dispatcher.close()))
      await Promise.all([graph, ledger].map((part) => part[Symbol.asyncDispose]()))
      await Promise.all([facts.close(), asked.close(), campaigns.close()])
      await mongodb.db(`${database}_dispatcher`).dropDatabase()
      await Promise.all([bus.close(2_000), mongodb.close()])
    },
  }
  await connectPage(scene, PAGE)
  return scene
}

export async function connectPage(
  scene: Scene,
  page: PageId,
  access: string | { readonly token: string; readonly graphVersion: string } = PLANTED.pageToken,
): Promise<void> {
  const isPlain = typeof access === 'string'
  const [accessToken, graphVersion] = isPlain ? [access, null] : [access.token, access.graphVersion]
  const at = scene.clock.now
  const pinned = identity.event('DeploymentPinned', pageId('0'), [])
  const eventId = identity.event('PageConnected', page, [String(at)])
  const context = { record: 'PageEvent', eventId, owner: page }
  const sealed = vault.seal({ accessToken }, context)
  await scene.append('page', [
    {
      key: '0',
      record: 'PageEvent',
      value: {
        ...{ type: 'DeploymentPinned', eventId: pinned, pageId: pageId('0'), at },
        pepperCheck: pepperCheck(pepper),
      },
    },
    {
      key: page,
      record: 'PageEvent',
      value: {
        type: 'PageConnected',
        eventId,
        pageId: page,
        at,
        name: 'A',
        appId: APP_ID,
        graphVersion,
        ...sealed,
      },
    },
  ])
}

const randomToken = () => `44${randomInt(1e9)}${randomInt(1e6)}`

interface Granting {
  readonly psid: string
  readonly topic: string
  readonly page: PageId
  readonly token: string
}

async function grant(scene: Scene, { psid, topic, page, token }: Granting): Promise<Granted> {
  const tokenId = identity.token(page, token)
  const person = identity.person(page, pageScopedUserId(psid))
  const eventId = identity.event('OptInReceived', page, [token])
  const context = { record: 'OptInReceived', eventId, owner: person }
  const at = scene.clock.now
  const about = { pageId: page, person, tokenId, topic, topicRule: 'otn1', grantedAt: at, at }
  const sealed = vault.seal({ psid, token, payload: `otn1:${topic}:` }, context)
  const kind = { type: 'OptInReceived', kind: 'one_time_notif_req', origin: 'webhook' } as const
  const value = { eventId, ...about, ...kind, ...sealed }
  await scene.append('optIn', [{ key: person, record: 'OptInReceived', value }])
  return { psid, token, tokenId }
}

type FactTopic = 'notification' | 'optInRequestEvent' | 'campaignEvent'

async function followFacts<Topic extends FactTopic>(bus: Bus, codec: Codec, topic: Topic) {
  const { record } = kafkaTopics[topic]
  const all = new Map<string, Records[RecordOf<Topic>]>()
  const following = await bus.follow({
    topics: [topic],
    onBatch: ({ records }) => {
      for (const { value } of records) {
        const decoded = codec.decode<RecordOf<Topic>>(record, value)
        if (decoded.kind !== 'known') continue
        const key = `${decoded.value.type} ${decoded.value.eventId}`
        if (!all.has(key)) all.set(key, decoded.value)
      }
    },
    onCrash: () => {},
  })
  return {
    all: () => [...all.values()],
    about: (command: string) => [...all.values()].filter((fact) => fact.commandId === command),
    close: () => following.close(2_000),
  }
}

function environment(scope: TestScope): Env {
  const keys = Object.entries(KEYS).map(([id, scopes]) => ({ id, sha256: sha(id), scopes }))
  const apiKeys = join(mkdtempSync(join(tmpdir(), 'otn-dispatcher-')), 'api-keys.json')
  writeFileSync(apiKeys, JSON.stringify(keys))
  return {
    OTN_MODE: 'test',
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
    MONGODB_URI: scope.mongodbUri,
    MONGODB_DATABASE_PREFIX: scope.database,
    OTN_PERSON_PEPPER: PEPPER,
    OTN_MASTER_KEY: MASTER_KEY,
    OTN_API_KEYS_FILE: apiKeys,
    META_APP_ID: APP_ID,
    META_APP_SECRET: PLANTED.appSecret,
    DISPATCHER_LEDGER_API_KEY: 'ledger-key',
  }
}

async function runDispatcher(env: Env, clock: { readonly now: number }): Promise<Dispatcher> {
  const read = readSettings(dispatcherSettings, { env, readFile: () => '' })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ service: 'dispatcher', level: 'debug', destination })
  const failures: Error[] = []
  const fail = (error: Error) => void failures.push(error)
  const shell = { log, fail, clock: { nowMs: () => clock.now } }
  const running = await startDispatcher(read.values, shell)
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${running.url}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, text, body: isJson ? JSON.parse(text) : text }
  }
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const get = (path: string, key = 'writer-key') => ask(path, { headers: bearer(key) })
  const post = (path: string, body: unknown, headers: Env = {}) =>
    ask(path, {
      method: 'POST',
      headers: { ...bearer('writer-key'), 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  return {
    ...{ ...running, failures, get, post },
    logged: () => lines.join(''),
    digest: () =>
      until('a dispatcher at rest', async () => {
        const { body } = await get('/v1/operations/digest')
        return body.atRest ? String(body.digest) : undefined
      }),
  }
}

/** Waits for something that must come within a time that no fault-free run needs. */
export function until<T>(describe: string, fact: () => Promise<T> | T) {
  return waitFor(fact, { describe, timeoutMs: 90_000, intervalMs: 20 })
}

function keysOf(text: string) {
  const parsed = parseMasterKeys(text)
  if ('fault' in parsed) throw new Error(parsed.fault)
  return parsed.keys
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
