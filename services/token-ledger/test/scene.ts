/** A deployment on the real engines, with what a test needs to write its log and ask its ledger. */
import { createHash, randomInt } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Appender, type Bus, createBus } from '@otn/bus'
import {
  type Codec,
  createCodec,
  createRegistryClient,
  findSchemaIds,
  kafkaTopics,
  publishSchemas,
  type RecordOf,
  type Records,
} from '@otn/contracts'
import { createLog, type RunningService, readSettings, type Scope } from '@otn/runtime'
import { type TestScope, testScope, waitFor } from '@otn/testing'
import { type Db, MongoClient } from 'mongodb'
import type { ReadTopic } from '../src/log-ports.ts'
import { ledgerSettings, startTokenLedger } from '../src/service.ts'
import { MASTER_KEY, PEPPER } from './facts.ts'

type Env = Readonly<Record<string, string>>

/** Scopes of the keys that every scene knows; the key's text is its name. */
const KEYS: Readonly<Record<string, readonly Scope[]>> = {
  'reader-key': ['tokens:read', 'candidates:read', 'operations'],
  'personal-key': ['tokens:read', 'candidates:read', 'personal'],
  'writer-key': ['notifications:write'],
}

export interface Scene extends AsyncDisposable {
  readonly scope: TestScope
  readonly bus: Bus
  readonly codec: Codec
  /** The database of the ledger. */
  readonly db: Db
  readonly env: Env
  /** The business clock of every ledger of this scene. */
  readonly clock: { now: number }
  append<Topic extends ReadTopic>(
    topic: Topic,
    facts: readonly { readonly key: string; readonly value: Records[RecordOf<Topic>] }[],
  ): Promise<void>
  appendRaw(topic: ReadTopic, records: readonly { key: string; value: Buffer }[]): Promise<void>
  start(more?: Env): Promise<Ledger>
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
  const clock = { now: Date.now() }
  const env = ledgerEnv(scope)
  const ledgers: Ledger[] = []
  return {
    scope,
    bus,
    codec,
    env,
    clock,
    db: mongodb.db(`${database}_ledger`),
    append: async (topic, facts) => {
      const { record } = kafkaTopics[topic]
      const encoded = facts.map(({ key, value }) => ({ key, value: codec.encode(record, value) }))
      await appendAll(appender, topic, encoded)
    },
    appendRaw: (topic, records) => appendAll(appender, topic, records),
    start: async (more = {}) => {
      const ledger = await runLedger({ ...env, ...more }, clock)
      ledgers.push(ledger)
      return ledger
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(ledgers.map((ledger) => ledger.close()))
      await mongodb.db(`${database}_ledger`).dropDatabase()
      await Promise.all([bus.close(2_000), mongodb.close()])
    },
  }
}

async function appendAll(
  appender: Appender,
  topic: ReadTopic,
  records: readonly { readonly key: string; readonly value: Buffer }[],
): Promise<void> {
  await appender.append(records.map(({ key, value }) => ({ topic, key, value, headers: {} })))
}

function ledgerEnv(scope: TestScope): Env {
  const keys = Object.entries(KEYS).map(([key, scopes]) => ({ id: key, sha256: sha(key), scopes }))
  const apiKeys = join(mkdtempSync(join(tmpdir(), 'otn-ledger-')), 'api-keys.json')
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
  }
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are read member by member in assertions
  readonly body: any
  readonly text: string
}

export interface Ledger extends RunningService {
  readonly failures: readonly Error[]
  /** Everything that was logged, as one text. */
  readonly logged: () => string
  get(path: string, key?: string | null): Promise<Answer>
  post(path: string, body?: unknown, key?: string | null): Promise<Answer>
  /** Waits until it says that it is ready. */
  ready(): Promise<void>
  /** Waits until everything that is on the log now is folded. */
  settled(): Promise<void>
}

async function runLedger(env: Env, clock: { readonly now: number }): Promise<Ledger> {
  const read = readSettings(ledgerSettings, { env, readFile: () => '' })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ service: 'token-ledger', level: 'debug', destination })
  const failures: Error[] = []
  const fail = (error: Error) => void failures.push(error)
  const shell = { log, fail, clock: { nowMs: () => clock.now } }
  const running = await startTokenLedger(read.values, shell)
  const bus = createBus({
    brokers: read.values.kafkaBrokers,
    clientId: 'test',
    topicPrefix: read.values.topicPrefix ?? '',
  })
  const ask = askerOf(running.url)
  const ready = async () => {
    const isReady = async () => (await ask('GET', '/health/ready', { key: null })).status === 200
    await waitFor(isReady, { timeoutMs: 60_000, describe: 'the ledger to be ready' })
  }
  return {
    url: running.url,
    failures,
    logged: () => lines.join(''),
    get: (path, key = 'reader-key') => ask('GET', path, { key }),
    post: (path, body, key = 'reader-key') => ask('POST', path, { key, body }),
    ready,
    settled: async () => {
      await ready()
      const ends = await endsOf(bus)
      const isFolded = async () => {
        const { body } = await ask('GET', '/v1/position', { key: 'reader-key' })
        return Object.entries(ends).every(([topic, offsets]) =>
          offsets.every(
            (end, at) => BigInt(body.topics[`${env.KAFKA_TOPIC_PREFIX}${topic}`][at]) >= end,
          ),
        )
      }
      await waitFor(isFolded, { timeoutMs: 60_000, describe: 'the log to be folded' })
    },
    close: async () => {
      await running.close()
      await bus.close(1_000)
    },
  }
}

async function endsOf(bus: Bus): Promise<Readonly<Record<string, readonly bigint[]>>> {
  const aliases = [
    'page',
    'engagement',
    'optIn',
    'notification',
    'optInRequestEvent',
    'token',
  ] as const
  const ends = await bus.positions.endOffsetsOf(aliases)
  return Object.fromEntries(aliases.map((alias) => [kafkaTopics[alias].name, ends[alias]]))
}

function askerOf(url: string) {
  return async (
    method: string,
    path: string,
    { key, body }: { readonly key: string | null; readonly body?: unknown },
  ): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = text.startsWith('{') || text.startsWith('[')
    return { status: response.status, text, body: isJson ? JSON.parse(text) : null }
  }
}

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Decimal digits that nobody used before. */
export function digits(length = 16): string {
  return Array.from({ length }, () => String(randomInt(1, 10))).join('')
}
