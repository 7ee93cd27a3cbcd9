import { readFileSync } from 'node:fs'
import {
  type Codec,
  createCodec,
  findSchemaIds,
  type IdsByFingerprint,
  type SchemaIds,
} from '@otn/contracts'
import { appError, type Secret } from '@otn/kernel'
import { type Bus, type BusOptions, createBus } from './bus.ts'
import type { BusLog } from './bus-log.ts'
import { refusedByKafka } from './refused-by-kafka.ts'
import { registryOf } from './registry-of.ts'

/** The settings of design section 8 that say how to reach the log; `runtime` parses them. */
export interface LogSettings {
  readonly kafkaBrokers: readonly string[]
  readonly kafkaSsl: boolean
  readonly kafkaSslCaFile: string | null
  /** Our own certificate and its key; left out = the brokers ask for none. */
  readonly kafkaSslCertFile?: string | null
  readonly kafkaSslKeyFile?: string | null
  readonly kafkaSaslMechanism: 'none' | 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly kafkaSaslUsername: string | null
  readonly kafkaSaslPassword: Secret
  readonly topicPrefix: string | null
  readonly replicationFactor: number
  readonly schemaRegistryUrl: string | null
  /** Left out = the registry asks for no user. */
  readonly schemaRegistryUsername?: string | null
  readonly schemaRegistryPassword?: Secret
  readonly schemaIdsFile: string | null
}

export interface OpenedLog {
  readonly bus: Bus
  readonly codec: Codec
}

const CLOSE_MS = 2_000

/**
 * Opens the log for a service: a bus whose Kafka topics are as the table wants them, and a codec
 * that knows the id of every schema. Creates nothing.
 * @throws OTN_BUS_TOPICS_WRONG with every fault at once, what our user may not look at included;
 *   OTN_CONFIG_INVALID for a setting that Kafka refuses; OTN_BUS_UNREACHABLE,
 *   OTN_REGISTRY_UNREACHABLE (retryable)
 */
export async function openLog(
  settings: LogSettings,
  { clientId, log }: { readonly clientId: string; readonly log: BusLog },
): Promise<OpenedLog> {
  const bus = createBus(busOptions(settings, { clientId, log }))
  try {
    const topics = topicFaultsOf(bus, settings).catch((error) => {
      throw settingRefused(error) ?? error
    })
    const [topicFaults, schemas] = await Promise.all([topics, ids(settings)])
    const faults = [...topicFaults, ...('faults' in schemas ? schemas.faults : [])]
    if ('faults' in schemas || faults.length > 0) throw wrong(faults)
    return { bus, codec: createCodec(schemas.ids) }
  } catch (error) {
    await bus.close(CLOSE_MS)
    throw error
  }
}

/** At a start alone: a service that runs waits for the answer to be another one. */
function settingRefused(cause: unknown): Error | null {
  const refusal = refusedByKafka(cause)
  if (refusal?.kind !== 'setting') return null
  return appError('OTN_CONFIG_INVALID', { message: refusal.sentence, cause })
}

/** The bus's own options out of the settings. */
export function busOptions(
  settings: LogSettings,
  { clientId, log }: { readonly clientId: string; readonly log: BusLog },
): BusOptions {
  const options = { brokers: settings.kafkaBrokers, clientId, log }
  const prefix = settings.topicPrefix === null ? {} : { topicPrefix: settings.topicPrefix }
  return { ...options, ...prefix, ...tls(settings), ...login(settings) }
}

const SAFE_REPLICATION = 3

function topicFaultsOf(bus: Bus, settings: LogSettings): Promise<readonly string[]> {
  const { replicationFactor } = settings
  return bus.topics.check({
    replicationFactor,
    minInsyncReplicas: minInsyncReplicas(replicationFactor),
    allowFewReplicas: replicationFactor < SAFE_REPLICATION,
  })
}

/** How many replicas must hold a record before it counts: one less than all, at least one. */
export function minInsyncReplicas(replicationFactor: number): number {
  return Math.max(1, replicationFactor - 1)
}

async function ids(
  settings: LogSettings,
): Promise<{ readonly ids: SchemaIds } | { readonly faults: readonly string[] }> {
  const { schemaIdsFile, topicPrefix } = settings
  const registry = registryOf(settings)
  return findSchemaIds({
    ...(schemaIdsFile === null ? {} : { file: readIds(schemaIdsFile) }),
    ...(registry ? { registry } : {}),
    topicPrefix: topicPrefix ?? '',
  })
}

function readIds(path: string): IdsByFingerprint {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const message = `SCHEMA_IDS_FILE: ${path} cannot be read as JSON; run: pnpm otn schemas publish`
    throw appError('OTN_CONFIG_INVALID', { message, cause })
  }
}

function tls(settings: LogSettings): Pick<BusOptions, 'ssl'> {
  const { kafkaSsl, kafkaSslCaFile, kafkaSslCertFile = null, kafkaSslKeyFile = null } = settings
  if (!kafkaSsl) return {}
  const ca = kafkaSslCaFile === null ? {} : { ca: pem('KAFKA_SSL_CA_FILE', kafkaSslCaFile) }
  const cert =
    kafkaSslCertFile === null ? {} : { cert: pem('KAFKA_SSL_CERT_FILE', kafkaSslCertFile) }
  const key = kafkaSslKeyFile === null ? {} : { key: pem('KAFKA_SSL_KEY_FILE', kafkaSslKeyFile) }
  const ssl = { ...ca, ...cert, ...key }
  return { ssl: Object.keys(ssl).length === 0 ? true : ssl }
}

function pem(env: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw appError('OTN_CONFIG_INVALID', { message: `${env}: ${path} cannot be read`, cause })
  }
}

function login(settings: LogSettings): Pick<BusOptions, 'sasl'> {
  const { kafkaSaslMechanism: mechanism, kafkaSaslUsername, kafkaSaslPassword } = settings
  if (mechanism === 'none') return {}
  const account = { username: kafkaSaslUsername ?? '', password: kafkaSaslPassword.reveal() }
  if (mechanism === 'plain') return { sasl: { mechanism: 'plain', ...account } }
  if (mechanism === 'scram-sha-256') return { sasl: { mechanism: 'scram-sha-256', ...account } }
  return { sasl: { mechanism: 'scram-sha-512', ...account } }
}

function wrong(faults: readonly string[]): Error {
  const said = faults.map((fault) => `  ${fault}`).join('\n')
  const message = `the log is not as this build needs it; nothing was started\n${said}`
  return appError('OTN_BUS_TOPICS_WRONG', { message, details: { faults } })
}
