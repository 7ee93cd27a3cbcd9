/** Engines closed to strangers, and services that may do what docs/engine-security.md says. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBus } from '@otn/bus'
import {
  createRegistryClient,
  engineAccess,
  kafkaAclsOf,
  mongodbRoleOf,
  publishSchemas,
  type SecuredService,
} from '@otn/contracts'
import { dispatcherSettings, startDispatcher } from '@otn/dispatcher'
import { ingressSettings, startIngress } from '@otn/ingress'
import { type Simulator, startSimulator } from '@otn/meta-simulator'
import { registrySettings, startPageRegistry } from '@otn/page-registry'
import {
  createLog,
  type Declarations,
  type Log,
  type RunningService,
  readSettings,
  SCOPES,
  type Values,
} from '@otn/runtime'
import { type SecuredEngines, startSecuredEngines, testScope, waitFor } from '@otn/testing'
import { ledgerSettings, startTokenLedger } from '@otn/token-ledger'
import { call } from '../../src/system.ts'
import { guardRegistry } from './guarded-registry.ts'
import { type KafkaGrants, openKafkaGrants } from './kafka-grants.ts'

export type Env = Readonly<Record<string, string>>

const READY_MS = 60_000
const APP = { appId: '770000000000001', appSecret: 'planted-app-secret' }
const VERIFY_TOKEN = 'planted-verify-token'
export const API_KEY = 'planted-api-key'
const SERVICES = Object.keys(engineAccess) as SecuredService[]

export interface Secured extends RunningService {
  /** What it logged, a JSON text per line. */
  readonly logged: () => string
  /** Why it ended by itself, once it has. */
  readonly failure: () => Error | null
}

export interface SecuredScene extends AsyncDisposable {
  readonly engines: SecuredEngines
  readonly meta: Simulator
  readonly grants: KafkaGrants
  /** `KAFKA_TOPIC_PREFIX` and `MONGODB_DATABASE_PREFIX`. */
  readonly prefix: string
  readonly database: string
  /** What none may ever say. */
  readonly secrets: readonly string[]
  /** Starts a service with its own user; resolves when it is ready or failed. @throws as it does */
  start(service: SecuredService, more?: Env): Promise<Secured>
}

interface Shell {
  readonly log: Log
  readonly fail: (error: Error) => void
}

const starts: Readonly<
  Record<SecuredService, (env: Env, shell: Shell) => Promise<RunningService>>
> = {
  ingress: (env, shell) => startIngress(valuesOf(ingressSettings, env), shell),
  'token-ledger': (env, shell) => startTokenLedger(valuesOf(ledgerSettings, env), shell),
  dispatcher: (env, shell) => startDispatcher(valuesOf(dispatcherSettings, env), shell),
  'page-registry': (env, shell) => startPageRegistry(valuesOf(registrySettings, env), shell),
}

export async function openSecuredScene(): Promise<SecuredScene> {
  const scope = testScope()
  await using stack = new AsyncDisposableStack()
  const passwords = new Map(SERVICES.map((service) => [service, randomBytes(18).toString('hex')]))
  const users = SERVICES.map((service) => userOf(service, passwords))
  const engines = stack.use(await startSecuredEngines(users))
  const registryLogin = { username: 'otn', password: randomBytes(18).toString('hex') }
  const registry = stack.use(await guardRegistry(scope.schemaRegistryUrl, registryLogin))
  const grants = stack.use(await openKafkaGrants(engines.openBrokers))
  await prepare({ ...scope, engines })
  const allowed = SERVICES.map(async (service) => {
    await grants.grant(engineAccess[service].user, kafkaAclsOf(service, scope.prefix))
    await allowAtMongodb(engines, service, { ...scope, ...userOf(service, passwords) })
  })
  await Promise.all(allowed)
  const meta = await startSimulator({ ...APP, verifyToken: VERIFY_TOKEN, seed: 'secured' })
  stack.defer(() => meta.close())
  meta.unsubscribePages()
  const folder = mkdtempSync(join(tmpdir(), 'otn-secured-scene-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  const shared = {
    ...settingsOf(engines, meta, writeKeys(folder)),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    MONGODB_DATABASE_PREFIX: scope.database,
    SCHEMA_REGISTRY_URL: registry.url,
    SCHEMA_REGISTRY_USERNAME: registryLogin.username,
    SCHEMA_REGISTRY_PASSWORD: registryLogin.password,
  }
  const kept = stack.move()
  return {
    ...{ engines, meta, grants, prefix: scope.prefix, database: scope.database },
    secrets: [...passwords.values(), registryLogin.password],
    start: (service, more = {}) => {
      const { username, password } = userOf(service, passwords)
      const login = {
        ...{ KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password },
        ...{ MONGODB_USERNAME: username, MONGODB_PASSWORD: password },
      }
      return startOne(service, { ...shared, ...login, ...more })
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function userOf(service: SecuredService, passwords: ReadonlyMap<SecuredService, string>) {
  return { username: engineAccess[service].user, password: passwords.get(service) ?? '' }
}

/** As whoever runs the cluster does, by its back door: Kafka topics and schemas. */
async function prepare(at: {
  readonly engines: SecuredEngines
  readonly prefix: string
  readonly schemaRegistryUrl: string
}): Promise<void> {
  const { engines, prefix, schemaRegistryUrl } = at
  const bus = createBus({ brokers: engines.openBrokers, clientId: 'test', topicPrefix: prefix })
  try {
    await bus.topics.apply({ replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true })
    await publishSchemas(createRegistryClient(schemaRegistryUrl, READY_MS), prefix)
  } finally {
    await bus.close(2_000)
  }
}

async function allowAtMongodb(
  engines: SecuredEngines,
  service: SecuredService,
  user: { readonly database: string; readonly username: string; readonly password: string },
): Promise<void> {
  const role = mongodbRoleOf(service, user.database)
  if (role === null) return
  const resource = { db: role.database, collection: '' }
  const privileges = [{ resource, actions: role.actions }]
  await engines.asRoot({ createRole: role.role, privileges, roles: [] })
  await engines.asRoot({ createUser: user.username, pwd: user.password, roles: [role.role] })
}

function writeKeys(folder: string): string {
  const path = join(folder, 'api-keys.json')
  const sha256 = createHash('sha256').update(API_KEY).digest('hex')
  writeFileSync(path, JSON.stringify([{ id: 'test', sha256, scopes: SCOPES }]))
  return path
}

function settingsOf(engines: SecuredEngines, meta: Simulator, apiKeysFile: string): Env {
  return {
    OTN_MODE: 'test',
    OTN_CLOCK_URL: meta.clockUrl,
    KAFKA_BROKERS: engines.kafkaBrokers.join(','),
    KAFKA_REPLICATION_FACTOR: '1',
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA_FILE: engines.caFile,
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    MONGODB_URI: engines.mongodbUri,
    MONGODB_TLS_CA_FILE: engines.caFile,
    OTN_PERSON_PEPPER: 'planted-pepper',
    OTN_MASTER_KEY: `k1:${randomBytes(32).toString('base64')}`,
    OTN_API_KEYS_FILE: apiKeysFile,
    META_APP_ID: APP.appId,
    META_APP_SECRET: APP.appSecret,
    META_VERIFY_TOKEN: VERIFY_TOKEN,
    GRAPH_BASE_URL: meta.graphUrl,
    DISPATCHER_LEDGER_API_KEY: API_KEY,
  }
}

function valuesOf<D extends Declarations>(settings: D, env: Env): Values<D> {
  const read = readSettings(settings, { env, readFile: () => '' })
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return read.values
}

async function startOne(service: SecuredService, env: Env): Promise<Secured> {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const failed: Error[] = []
  const log = createLog({ service, level: 'debug', destination })
  const running = await starts[service](env, { log, fail: (error) => void failed.push(error) })
  const failure = () => failed[0] ?? null
  const isReady = async () =>
    failure() !== null || (await call(`${running.url}/health/ready`)).status === 200
  await waitFor(isReady, { timeoutMs: READY_MS, describe: `${service} to be ready` })
  return { ...running, logged: () => lines.join(''), failure }
}
