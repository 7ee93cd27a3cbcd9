import type { ConnectionOptions } from 'node:tls'
import { assertNever } from '@otn/kernel'
import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs'
import type { BusLog, BusLogFields } from './bus-log.ts'
import { repairKafkajs } from './repairs/repair-kafkajs.ts'

/** How to prove who we are to the brokers. */
export interface BusSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

/** How to reach Kafka. */
export interface KafkaAccess {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly ssl: ConnectionOptions | boolean | undefined
  readonly sasl: BusSasl | undefined
  readonly log: BusLog
  readonly connectionTimeoutMs: number
  readonly requestTimeoutMs: number
}

/**
 * Bounds of every retry inside kafkajs. All five are given, because kafkajs takes other defaults
 * when NODE_ENV is `test`, and its own would keep a send pending for 90 s.
 */
export const RETRY = {
  retries: 3,
  initialRetryTime: 100,
  maxRetryTime: 500,
  factor: 0.2,
  multiplier: 2,
} as const

/** Options of a client that differ from one use to the other. */
export interface KafkaUse {
  /**
   * Rotates the brokers, so that the next client does not begin at the one that did not answer.
   */
  readonly turn: number
  readonly retry?: typeof RETRY | (Omit<typeof RETRY, 'retries'> & { readonly retries: number })
}

/** What of a kafkajs log entry may be told: names and numbers. */
const TOLD = ['broker', 'groupId', 'topic', 'partition', 'retryCount', 'error'] as const
const TEXT_LENGTH_MAX = 200
/** Said of every producer; our bounds are on purpose, what they leave open is settled by us. */
const KNOWN = 'Limiting retries for the idempotent producer'

/**
 * Makes a client of its own for one producer, consumer or admin: a client shares a cache of
 * committed offsets per group, which two consumers of one process must not.
 */
export function newKafka(access: KafkaAccess, { turn, retry = RETRY }: KafkaUse): Kafka {
  repairKafkajs()
  const { brokers, clientId, ssl, sasl, log } = access
  const first = turn % Math.max(1, brokers.length)
  return new Kafka({
    brokers: [...brokers.slice(first), ...brokers.slice(0, first)],
    clientId,
    connectionTimeout: access.connectionTimeoutMs,
    authenticationTimeout: 5_000,
    requestTimeout: access.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => tell(log, entry),
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl: saslOf(sasl) }),
  })
}

/** The same, one shape per mechanism, as the types of kafkajs want it. */
function saslOf({ mechanism, username, password }: BusSasl): SASLOptions {
  const proof = { username, password }
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...proof }
    case 'scram-sha-256':
      return { mechanism, ...proof }
    case 'scram-sha-512':
      return { mechanism, ...proof }
    default:
      return assertNever(mechanism)
  }
}

function tell(log: BusLog, { level, namespace, log: told }: LogEntry): void {
  const fields: Record<string, BusLogFields[string]> = { namespace }
  for (const name of TOLD) {
    const value: unknown = told[name]
    if (typeof value === 'string') fields[name] = value.slice(0, TEXT_LENGTH_MAX)
    if (typeof value === 'number') fields[name] = value
  }
  fields.detail = told.message.slice(0, TEXT_LENGTH_MAX)
  const isKnown = told.message.startsWith(KNOWN)
  // What a connection meets is met again by whoever used it, and told there.
  const isRepeated = namespace === 'Connection'
  // kafkajs calls every fault an error; it heals by itself or ends in an error of ours.
  if (level <= logLevel.WARN && !isKnown && !isRepeated) log.warn(fields, 'kafka client')
  else log.debug(fields, 'kafka client')
}
