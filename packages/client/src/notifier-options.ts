import type { ConnectionOptions } from 'node:tls'
import { type Fault, invalid, shown } from './fault.ts'

export interface KafkaConnection {
  /** `host:port`, at least one; the others are found through it. */
  readonly brokers: readonly string[]
  /** True for the system's certificate authorities, or options of `node:tls`. */
  readonly ssl?: boolean | ConnectionOptions
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  /** What the deployment puts in front of its Kafka topics. */
  readonly topicPrefix?: string
}

/** Where the client tells what is worth a look; a pino logger fits as it is. */
export interface NotifierLog {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface NotifierOptions {
  readonly kafka: KafkaConnection
  /** Confluent-compatible registry, up to and without `/subjects`. */
  readonly schemaRegistryUrl?: string
  /** Fingerprint → schema id: the content of the deployment's `SCHEMA_IDS_FILE`. */
  readonly schemaIds?: Readonly<Record<string, number>>
  /** Name of the calling service; stands in every command as `requestedBy`. */
  readonly source: string
  readonly log?: NotifierLog
}

/** @throws OTN_CLIENT_INVALID naming every wrong option at once */
export function checkOptions(options: NotifierOptions): void {
  const faults = [...optionFaults(options)]
  if (faults.length > 0) throw invalid('createNotifier', faults)
}

function* optionFaults(options: NotifierOptions): Iterable<Fault> {
  const { kafka, source, schemaRegistryUrl, schemaIds } = options
  const brokers: unknown = kafka?.brokers
  const addresses: readonly unknown[] = Array.isArray(brokers) ? brokers : []
  const wrong = addresses.find((address) => !/^[^\s:/]+:\d{1,5}$/.test(String(address)))
  if (addresses.length === 0 || wrong !== undefined) {
    const got = wrong === undefined ? shown(brokers) : shown(wrong)
    yield { field: 'kafka.brokers', got, wanted: 'a list of host:port, for example kafka-1:9092' }
  }
  if (typeof source !== 'string' || !/^[A-Za-z0-9._-]{1,64}$/.test(source)) {
    const wanted = 'the name of your service, 1 to 64 of A-Z a-z 0-9 . _ -'
    yield { field: 'source', got: shown(source), wanted }
  }
  if (schemaRegistryUrl === undefined && schemaIds === undefined) {
    yield { field: 'schemaRegistryUrl', got: 'nothing', wanted: 'it or schemaIds' }
  }
  if (schemaRegistryUrl !== undefined && !isHttp(schemaRegistryUrl)) {
    yield { field: 'schemaRegistryUrl', got: 'no such URL', wanted: 'an http or https URL' }
  }
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
