import { join } from 'node:path'
import type { ServicePlan } from './service-process.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
/** Half of a service's start is to read TypeScript: Node keeps what it read, by content. */
const COMPILE_CACHE = join(REPOSITORY, 'node_modules/.cache/compile')

/** Everything the services of one stack must know of each other. */
export interface Deployment {
  readonly home: string
  readonly kafkaBrokers: readonly string[]
  readonly mongodbUri: string
  readonly schemaRegistryUrl: string
  readonly schemaIdsFile: string
  readonly topicPrefix: string
  readonly databasePrefix: string
  readonly replicationFactor: number
  readonly graphUrl: string
  /** Null where another Graph API was given: then services run on their own clock. */
  readonly clockUrl: string | null
  /** Where the platform reaches the ingress; left out or null = at its own port. */
  readonly callbackUrl?: string | null
  readonly appId: string
  readonly appSecret: string
  readonly verifyToken: string
  readonly personPepper: string
  readonly masterKey: string
  readonly apiKey: string
  readonly apiKeysFile: string
  readonly ports: Readonly<Record<ServiceName, number>>
}

export type ServiceName = 'ingress' | 'token-ledger' | 'dispatcher' | 'page-registry'

/** How each service of a deployment is started; `extra` adds settings to all of them. */
export function servicePlans(
  deployment: Deployment,
  extra: Readonly<Record<string, string>> = {},
): readonly ServicePlan[] {
  const { ports } = deployment
  const plan = (name: ServiceName, env: Readonly<Record<string, string>>): ServicePlan => ({
    name,
    entry: join(REPOSITORY, 'services', name, 'src/main.ts'),
    url: urlOf(ports[name]),
    env: { ...sharedEnvironment(deployment), ...env, ...extra },
    logFile: join(deployment.home, 'logs', `${name}.log`),
    readyPath: '/health/ready',
  })
  return [
    plan('ingress', {
      INGRESS_PORT: String(ports.ingress),
      META_APP_ID: deployment.appId,
      META_APP_SECRET: deployment.appSecret,
      META_VERIFY_TOKEN: deployment.verifyToken,
      OTN_API_KEYS_FILE: deployment.apiKeysFile,
    }),
    plan('token-ledger', {
      LEDGER_PORT: String(ports['token-ledger']),
      MONGODB_URI: deployment.mongodbUri,
      OTN_API_KEYS_FILE: deployment.apiKeysFile,
    }),
    plan('dispatcher', {
      DISPATCHER_PORT: String(ports.dispatcher),
      MONGODB_URI: deployment.mongodbUri,
      OTN_API_KEYS_FILE: deployment.apiKeysFile,
      DISPATCHER_LEDGER_URL: urlOf(ports['token-ledger']),
      DISPATCHER_LEDGER_API_KEY: deployment.apiKey,
      GRAPH_BASE_URL: deployment.graphUrl,
      // The stand-in's pages may use it.
      ...(deployment.clockUrl === null ? {} : { DISPATCHER_TAGS: 'HUMAN_AGENT' }),
      META_APP_ID: deployment.appId,
      META_APP_SECRET: deployment.appSecret,
    }),
    plan('page-registry', {
      REGISTRY_PORT: String(ports['page-registry']),
      MONGODB_URI: deployment.mongodbUri,
      OTN_API_KEYS_FILE: deployment.apiKeysFile,
      GRAPH_BASE_URL: deployment.graphUrl,
      META_APP_ID: deployment.appId,
      META_APP_SECRET: deployment.appSecret,
      META_VERIFY_TOKEN: deployment.verifyToken,
      REGISTRY_CALLBACK_URL: deployment.callbackUrl ?? webhookUrlOf(urlOf(ports.ingress)),
    }),
  ]
}

/** Where the platform posts to. */
export function webhookUrlOf(ingressUrl: string): string {
  return `${ingressUrl}/webhook`
}

export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`
}

function sharedEnvironment(deployment: Deployment): Readonly<Record<string, string>> {
  const { clockUrl } = deployment
  return {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    OTN_MODE: 'demo',
    ...(clockUrl === null ? {} : { OTN_CLOCK_URL: clockUrl }),
    KAFKA_BROKERS: deployment.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: deployment.topicPrefix,
    KAFKA_REPLICATION_FACTOR: String(deployment.replicationFactor),
    SCHEMA_REGISTRY_URL: deployment.schemaRegistryUrl,
    SCHEMA_IDS_FILE: deployment.schemaIdsFile,
    MONGODB_DATABASE_PREFIX: deployment.databasePrefix,
    OTN_PERSON_PEPPER: deployment.personPepper,
    OTN_MASTER_KEY: deployment.masterKey,
  }
}
