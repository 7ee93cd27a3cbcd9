/** An ingress on a real Kafka, and what a test needs to talk to it and to read what it wrote. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Bus, createBus, type InRecord, type NextOffsets, type OutRecord } from '@otn/bus'
import { publishSchemas, type Records, type TopicAlias } from '@otn/contracts'
import { createLog, type RunningService, readSettings } from '@otn/runtime'
import { waitFor } from '@otn/testing'
import {
  type IngressShell,
  type IngressValues,
  ingressSettings,
  startIngress,
} from '../src/service.ts'
import { codec, decoded, MASTER_KEY } from './codec.ts'
import { APP_SECRET, sha256Header } from './samples.ts'

export const APP_ID = '770000000000001'
export const VERIFY_TOKEN = 'verify-me-7c1'
export const PEPPER = 'test-pepper'

const ONE_APP = {
  META_APP_ID: APP_ID,
  META_APP_SECRET: `${APP_SECRET},previous-secret`,
  META_VERIFY_TOKEN: VERIFY_TOKEN,
} as const

export interface Place {
  readonly kafkaBrokers: readonly string[]
  readonly prefix: string
}

type Env = Readonly<Record<string, string>>

/** Ids as the codec of these tests numbers them, in the file that services read. */
export async function schemaIdsFile(): Promise<string> {
  let last = 0
  const ids = await publishSchemas({
    register: async () => {
      last += 1
      return last
    },
    lookup: async () => null,
    schemaById: async () => null,
    requireFullTransitive: async () => {},
  })
  const path = join(mkdtempSync(join(tmpdir(), 'otn-ingress-')), 'schema-ids.json')
  writeFileSync(path, JSON.stringify(ids))
  return path
}

/** The environment of an ingress there, with short limits and a port of its own choice. */
export async function ingressEnv({ kafkaBrokers, prefix }: Place, more: Env = {}): Promise<Env> {
  return {
    OTN_MODE: 'test',
    KAFKA_BROKERS: kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_IDS_FILE: await schemaIdsFile(),
    ...(more.META_APPS_FILE === undefined ? ONE_APP : {}),
    OTN_PERSON_PEPPER: PEPPER,
    OTN_MASTER_KEY: MASTER_KEY,
    ...more,
  }
}

export function valuesOf(env: Env): IngressValues {
  const read = readSettings(ingressSettings, { env, readFile: () => '' })
  if ('values' in read) return read.values
  throw new Error(JSON.stringify(read.faults))
}

/** A bus at that place whose Kafka topics exist. */
export async function readyBus({ kafkaBrokers, prefix }: Place): Promise<Bus> {
  const bus = createBus({ brokers: kafkaBrokers, clientId: 'test', topicPrefix: prefix })
  await bus.topics.apply({ replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true })
  return bus
}

export interface Ingress extends RunningService {
  /** Everything that was logged, as one text. */
  readonly logged: () => string
  readonly failures: readonly Error[]
}

export async function runIngress(
  place: Place,
  more: Env = {},
  shell: Pick<IngressShell, 'clock'> = {},
): Promise<Ingress> {
  const lines: string[] = []
  const failures: Error[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ service: 'ingress', level: 'debug', destination })
  const values = valuesOf(await ingressEnv(place, more))
  const fail = (error: Error) => void failures.push(error)
  const running = await startIngress(values, { ...shell, log, fail })
  return { ...running, logged: () => lines.join(''), failures }
}

/** Posts a body as the platform does. */
export function post(
  url: string,
  body: Uint8Array,
  headers: Env = { 'x-hub-signature-256': sha256Header(body) },
): Promise<Response> {
  const type = { 'content-type': 'application/json' }
  return fetch(`${url}/webhook`, { method: 'POST', body, headers: { ...type, ...headers } })
}

/** Records of a Kafka topic up to its end, raw; from its beginning where no offsets are given. */
export async function rawRecords(
  bus: Bus,
  topic: TopicAlias,
  from: NextOffsets = {},
): Promise<readonly InRecord[]> {
  const records: InRecord[] = []
  const following = await bus.follow({
    topics: [topic],
    from,
    until: 'end',
    onBatch: (batch) => void records.push(...batch.records),
    onCrash: () => {},
  })
  await following.finished
  await following.close(1_000)
  return records
}

/** Values of a Kafka topic up to its end. */
export async function values<Name extends keyof Records>(
  bus: Bus,
  { topic, record, from }: { topic: TopicAlias; record: Name; from?: NextOffsets },
): Promise<readonly Records[Name][]> {
  const records = await rawRecords(bus, topic, from)
  return records.map(({ value }) => decoded(record, value))
}

/** Puts page events on the log, as the import of pages does. */
export async function writePageEvents(
  bus: Bus,
  events: readonly Records['PageEvent'][],
): Promise<void> {
  const appender = bus.appender()
  const records = events.map((event): OutRecord => {
    const value = codec.encode('PageEvent', event)
    return { topic: 'page', key: event.pageId, value, headers: {} }
  })
  await appender.append(records)
  await appender.close(2_000)
}

/** Waits for a fact, long enough for a Kafka that comes back. */
export async function until(
  describe: string,
  fact: () => boolean | Promise<boolean>,
): Promise<void> {
  await waitFor(fact, { timeoutMs: 60_000, describe })
}
