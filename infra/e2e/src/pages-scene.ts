/** A deployment without a page: the real engines, ingress and registry, the stand-in for Meta. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RecordOf, Records, TopicAlias } from '@otn/contracts'
import { ingressSettings, startIngress } from '@otn/ingress'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { registrySettings, startPageRegistry } from '@otn/page-registry'
import { createLog, type RunningService, readSettings } from '@otn/runtime'
import { type TestScope, testScope, waitFor } from '@otn/testing'
import { type Db, MongoClient } from 'mongodb'
import { engineEnv, preparedLog, readTopic } from './prepared-log.ts'
import { call } from './system.ts'

type Env = Readonly<Record<string, string>>
type Json = Readonly<Record<string, unknown>>

const KEY = 'planted-admin-key'
const APP = { appId: '770000000000001', appSecret: 'planted-app-secret' }
const VERIFY_TOKEN = 'planted-verify-token'
export const WATCH_MS = 60_000

export interface Step {
  readonly step: string
  readonly outcome: 'done' | 'failed' | 'not-reached'
  readonly sentence: string
  readonly next: string | null
}

export interface Registry extends RunningService {
  readonly failures: readonly Error[]
  get(path: string): Promise<{ readonly status: number; readonly body: Json }>
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Json }>
  put(path: string, body: unknown): Promise<{ readonly status: number; readonly body: Json }>
  /** The steps of a request, and the one that failed. */
  steps(
    path: string,
    body?: unknown,
  ): Promise<{
    readonly isGreen: unknown
    readonly steps: readonly Step[]
    readonly failed: Step | undefined
  }>
}

export interface PagesScene extends AsyncDisposable {
  readonly meta: Simulator
  readonly ingressUrl: string
  /** The database of the registry. */
  readonly db: Db
  readonly env: Env
  /** Everything that any service logged. */
  readonly logged: () => string
  startRegistry(more?: Env): Promise<Registry>
  stopIngress(): Promise<void>
  /** Where it was before. */
  startIngress(): Promise<void>
  /** The access token of a login of an hour. */
  login(wish?: Partial<Parameters<Simulator['issueAccessToken']>[0]>): string
  facts<Topic extends 'page' | 'alarm' | 'optIn' | 'quarantine'>(
    topic: Topic,
  ): Promise<readonly Records[RecordOf<Topic>][]>
}

export interface PagesSceneOptions {
  /** In place of the shared Kafka. */
  readonly kafkaBrokers?: readonly string[]
  /** Beside what ingress and registry share; the registry does not get it. */
  readonly ingress?: Env
}

export async function openPagesScene(options: PagesSceneOptions = {}): Promise<PagesScene> {
  const shared = testScope()
  const { kafkaBrokers = shared.kafkaBrokers } = options
  const scope: TestScope = { ...shared, kafkaBrokers: [...kafkaBrokers] }
  const { mongodbUri, database } = scope
  const { bus, codec } = await preparedLog(scope)
  const mongodb = await MongoClient.connect(mongodbUri)
  const meta = await startSimulator({ ...APP, verifyToken: VERIFY_TOKEN, seed: 'pages' })
  meta.unsubscribePages()
  const lines: string[] = []
  const env = sharedEnv(scope, meta)
  const ingress = await runIngress({ ...env, ...options.ingress }, lines)
  const state = { ingress }
  const own = { ...env, REGISTRY_CALLBACK_URL: `${ingress.url}/webhook` }
  const registries: Registry[] = []
  const read = async <Topic extends TopicAlias>(topic: Topic) => {
    const records = await readTopic(bus, codec, topic)
    return records.map(({ value }) => value)
  }
  return {
    ...{ meta, ingressUrl: ingress.url, env: own, facts: read, logged: () => lines.join('') },
    db: mongodb.db(`${database}_pages`),
    startRegistry: async (more = {}) => {
      const started = await runRegistry({ ...own, ...more }, lines)
      registries.push(started)
      return started
    },
    stopIngress: () => state.ingress.close(),
    startIngress: async () => {
      const { port } = new URL(ingress.url)
      const again = { ...env, ...options.ingress, INGRESS_PORT: port }
      state.ingress = await runIngress(again, lines)
    },
    login: (wish = {}) =>
      meta.issueAccessToken({ kind: 'user', lifeMs: 3_600_000, ...wish }).accessToken,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(registries.map((one) => one.close()))
      await state.ingress.close()
      await meta.close()
      await mongodb.db(`${database}_pages`).dropDatabase()
      await Promise.all([bus.close(2_000), mongodb.close()])
    },
  }
}

function sharedEnv(scope: TestScope, meta: Simulator): Env {
  const apiKeys = join(mkdtempSync(join(tmpdir(), 'otn-pages-')), 'api-keys.json')
  const sha256 = createHash('sha256').update(KEY).digest('hex')
  writeFileSync(apiKeys, JSON.stringify([{ id: 'admin', sha256, scopes: ['pages:admin'] }]))
  return {
    OTN_MODE: 'test',
    OTN_CLOCK_URL: meta.clockUrl,
    ...engineEnv(scope),
    OTN_PERSON_PEPPER: 'planted-pepper',
    OTN_MASTER_KEY: `k1:${randomBytes(32).toString('base64')}`,
    OTN_API_KEYS_FILE: apiKeys,
    META_APP_ID: APP.appId,
    META_APP_SECRET: APP.appSecret,
    META_VERIFY_TOKEN: VERIFY_TOKEN,
    GRAPH_BASE_URL: meta.graphUrl,
    REGISTRY_WATCH_MS: String(WATCH_MS),
  }
}

const readFile = () => ''

function shellOf(service: string, lines: string[]) {
  const failures: Error[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ service, level: 'debug', destination })
  return { failures, shell: { log, fail: (error: Error) => void failures.push(error) } }
}

async function runIngress(env: Env, lines: string[]): Promise<RunningService> {
  const read = readSettings(ingressSettings, { env, readFile })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return startIngress(read.values, shellOf('ingress', lines).shell)
}

async function runRegistry(env: Env, lines: string[]): Promise<Registry> {
  const read = readSettings(registrySettings, { env, readFile })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const { shell, failures } = shellOf('page-registry', lines)
  const { url, close } = await startPageRegistry(read.values, shell)
  const isReady = async () => (await call(`${url}/health/ready`)).status === 200
  await waitFor(isReady, { timeoutMs: 60_000, describe: 'the page registry to be ready' })
  const post = (path: string, body: unknown = {}) =>
    call(`${url}${path}`, { method: 'POST', key: KEY, body })
  return {
    ...{ url, close, failures, post },
    get: (path) => call(`${url}${path}`, { key: KEY }),
    put: (path, body) => call(`${url}${path}`, { method: 'PUT', key: KEY, body }),
    steps: async (path, body) => {
      const answer = await post(path, body)
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.text}`)
      const steps = answer.body.steps as readonly Step[]
      const failed = steps.find(({ outcome }) => outcome === 'failed')
      return { isGreen: answer.body.isGreen, steps, failed }
    },
  }
}
