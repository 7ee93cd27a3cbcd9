/** All four services in this process, on the real engines, and the stand-in for Meta. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bus } from '@otn/bus'
import type { Codec, TopicAlias } from '@otn/contracts'
import { dispatcherSettings, startDispatcher } from '@otn/dispatcher'
import { freePort } from '@otn/engines'
import { ingressSettings, startIngress } from '@otn/ingress'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { registrySettings, startPageRegistry } from '@otn/page-registry'
import { createLog, type Log, type RunningService, readSettings, SCOPES } from '@otn/runtime'
import { type TestScope, testScope, waitFor } from '@otn/testing'
import { ledgerSettings, startTokenLedger } from '@otn/token-ledger'
import { MongoClient } from 'mongodb'
import { engineEnv, type KeptRecord, preparedLog, readTopic } from './prepared-log.ts'
import { call } from './system.ts'

type Env = Readonly<Record<string, string>>

export type ServiceName = 'ingress' | 'token-ledger' | 'dispatcher' | 'page-registry'

export interface Part extends RunningService {
  readonly failures: readonly Error[]
}

export interface Deployment extends AsyncDisposable {
  readonly scope: TestScope
  readonly meta: Simulator
  readonly bus: Bus
  readonly codec: Codec
  readonly mongodb: MongoClient
  /** Of every scope but `personal`. */
  readonly apiKey: string
  /** Of every scope. */
  readonly personalKey: string
  readonly env: Env
  /** Ready when it returns; closed with the deployment unless closed before. */
  start(name: ServiceName, more?: Env): Promise<Part>
  /** Everything that any service logged. */
  readonly logged: () => string
  /** Every record of a Kafka topic that can be read, in the order of its partitions. */
  read<Topic extends TopicAlias>(topic: Topic): Promise<readonly KeptRecord<Topic>[]>
}

export interface DeploymentOptions {
  readonly appSecret?: string
  readonly verifyToken?: string
  readonly pepper?: string
  readonly apiKey?: string
  readonly masterKey: string
  /** Where Meta reaches the ingress. */
  readonly callbackUrl: string
  readonly seed: string
}

const APP_ID = '770000000000001'

export async function openDeployment(options: DeploymentOptions): Promise<Deployment> {
  const { appSecret = 'app-secret-of-test', verifyToken = 'verify-token' } = options
  const { apiKey = 'key-of-test', pepper = 'test-pepper', masterKey, callbackUrl, seed } = options
  const scope = testScope()
  const { bus, codec } = await preparedLog(scope)
  const mongodb = await MongoClient.connect(scope.mongodbUri)
  const meta = await startSimulator({ appId: APP_ID, appSecret, verifyToken, seed })
  meta.unsubscribePages()
  const ledgerPort = String(await freePort())
  const env: Env = {
    ...engineEnv(scope),
    OTN_MODE: 'test',
    OTN_CLOCK_URL: meta.clockUrl,
    OTN_PERSON_PEPPER: pepper,
    OTN_MASTER_KEY: masterKey,
    OTN_API_KEYS_FILE: apiKeysFile(apiKey),
    META_APP_ID: APP_ID,
    META_APP_SECRET: appSecret,
    META_VERIFY_TOKEN: verifyToken,
    GRAPH_BASE_URL: meta.graphUrl,
    REGISTRY_CALLBACK_URL: callbackUrl,
    LEDGER_PORT: ledgerPort,
    DISPATCHER_LEDGER_URL: `http://127.0.0.1:${ledgerPort}`,
    DISPATCHER_LEDGER_API_KEY: apiKey,
  }
  const lines: string[] = []
  const parts: Part[] = []
  return {
    ...{ scope, meta, bus, codec, mongodb, apiKey, env },
    personalKey: personalKey(apiKey),
    logged: () => lines.join(''),
    read: (topic) => readTopic(bus, codec, topic),
    start: async (name, more = {}) => {
      const part = await startPart(name, { ...env, ...more }, lines)
      parts.push(part)
      return part
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(parts.map((part) => part.close()))
      await meta.close()
      await dropDatabases(mongodb, scope.database)
      await Promise.all([bus.close(2_000), mongodb.close()])
    },
  }
}

function apiKeysFile(apiKey: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'otn-deployment-')), 'api-keys.json')
  const sha256 = createHash('sha256').update(apiKey).digest('hex')
  const personal = createHash('sha256').update(personalKey(apiKey)).digest('hex')
  const keys = [
    { id: 'common', sha256, scopes: SCOPES.filter((scope) => scope !== 'personal') },
    { id: 'personal', sha256: personal, scopes: SCOPES },
  ]
  writeFileSync(path, JSON.stringify(keys))
  return path
}

const personalKey = (apiKey: string) => `${apiKey}-personal`

async function dropDatabases(mongodb: MongoClient, prefix: string): Promise<void> {
  const { databases } = await mongodb.db().admin().listDatabases()
  const ours = databases.filter(({ name }) => name.startsWith(prefix))
  await Promise.all(ours.map(({ name }) => mongodb.db(name).dropDatabase()))
}

interface Shell {
  readonly log: Log
  readonly fail: (error: Error) => void
}

async function startPart(name: ServiceName, env: Env, lines: string[]): Promise<Part> {
  const failures: Error[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const log = createLog({ service: name, level: 'debug', destination })
  const running = await runningOf(name, env, { log, fail: (error) => void failures.push(error) })
  const isReady = async () => (await call(`${running.url}/health/ready`)).status === 200
  await waitFor(isReady, { timeoutMs: 60_000, describe: `the ${name} to be ready` })
  return { ...running, failures }
}

const sources = (env: Env) => ({ env, readFile: () => '' })

function runningOf(name: ServiceName, env: Env, shell: Shell): Promise<RunningService> {
  switch (name) {
    case 'ingress':
      return startIngress(valuesOf(readSettings(ingressSettings, sources(env))), shell)
    case 'token-ledger':
      return startTokenLedger(valuesOf(readSettings(ledgerSettings, sources(env))), shell)
    case 'dispatcher':
      return startDispatcher(valuesOf(readSettings(dispatcherSettings, sources(env))), shell)
    case 'page-registry':
      return startPageRegistry(valuesOf(readSettings(registrySettings, sources(env))), shell)
  }
}

function valuesOf<T>(read: { readonly values: T } | { readonly faults: unknown }): T {
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return read.values
}

/** A root of sealing under this id. */
export function masterKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`
}
