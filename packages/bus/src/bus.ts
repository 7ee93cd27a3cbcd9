import type { ConnectionOptions } from 'node:tls'
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { Appender, AppenderOptions } from './append/appender.ts'
import { createAppender } from './append/create-appender.ts'
import { connectProducer } from './append/kafkajs-producer.ts'
import { type BusLog, silentLog } from './bus-log.ts'
import { consume } from './consume/consume.ts'
import type { Following, FollowOptions } from './consume/follow.ts'
import { follow } from './consume/run-follow.ts'
import type { Consumption, Subscription } from './consume/subscription.ts'
import type { BusSasl, KafkaAccess } from './kafka-client.ts'
import { partitionOfKey } from './murmur2.ts'
import { createPositions, type Positions } from './positions.ts'
import { SharedAdmin } from './shared-admin.ts'
import { topicNames } from './topic-names.ts'
import { createTopicAdmin } from './topics/create-topic-admin.ts'
import type { TopicAdmin } from './topics/topic-admin.ts'

export interface BusOptions {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** Goes before every Kafka topic's name and every group id. */
  readonly topicPrefix?: string
  readonly ssl?: ConnectionOptions | boolean
  readonly sasl?: BusSasl
  readonly log?: BusLog
  /** Default 1000. */
  readonly connectionTimeoutMs?: number
  /** Default 2000: below the budget of a webhook, so that a frozen broker costs one deadline. */
  readonly requestTimeoutMs?: number
}

/** One deployment's Kafka. Connections are opened when they are first needed. */
export interface Bus {
  appender(options?: AppenderOptions): Appender
  /**
   * Joins a group and hands over batches until closed.
   * @throws OTN_BUS_UNREACHABLE when it cannot join at first; later ends come by `onCrash`.
   */
  consume(subscription: Subscription): Promise<Consumption>
  /** @throws OTN_BUS_UNREACHABLE when it cannot begin; later ends come by `onCrash`. */
  follow(options: FollowOptions): Promise<Following>
  readonly positions: Positions
  readonly topics: TopicAdmin
  /** The partition a key belongs to, as Kafka's Java client would choose. */
  partitionOf(topic: TopicAlias, key: string): number
  /** Closes everything made by it within `limitMs`. Never throws. */
  close(limitMs: number): Promise<void>
}

interface Closable {
  close(limitMs: number): Promise<void>
}

/** What every part gets to close in, however much of the limit the others took. */
const LAST_MS = 200

/** Makes a bus; nothing is connected yet. @throws OTN_CONFIG_INVALID */
export function createBus(options: BusOptions): Bus {
  const access = accessOf(options)
  const names = topicNames(options.topicPrefix ?? '')
  const admin = new SharedAdmin(access)
  const positions = createPositions(admin, names)
  const parts = { access, names, positions, admin }
  const readers: Closable[] = []
  const writers: Closable[] = []
  const kept = <T extends Closable>(among: Closable[], part: T): T => {
    among.push(part)
    return part
  }
  let turn = 0
  const connect = () => {
    turn += 1
    return connectProducer(access, turn)
  }
  return {
    appender: (wish = {}) =>
      kept(writers, createAppender(wish, { connect, names, log: access.log })),
    consume: async (subscription) => kept(readers, await consume(subscription, parts)),
    follow: async (wish) => kept(readers, await follow(wish, parts)),
    positions,
    topics: createTopicAdmin(admin, names),
    partitionOf: (topic, key) => partitionOfKey(key, kafkaTopics[topic].partitions),
    close: async (limitMs) => {
      const endMs = performance.now() + limitMs
      const leftMs = () => Math.max(LAST_MS, endMs - performance.now())
      // Handlers that are still running may want to append what they decided.
      await Promise.all(readers.map((part) => part.close(leftMs())))
      await Promise.all(writers.map((part) => part.close(leftMs())))
      await admin.close()
    },
  }
}

function accessOf(options: BusOptions): KafkaAccess {
  if (options.brokers.length === 0) {
    const message = 'no broker was given; wanted KAFKA_BROKERS as host:port, comma-separated'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  return {
    brokers: options.brokers,
    clientId: options.clientId,
    ssl: options.ssl,
    sasl: options.sasl,
    log: options.log ?? silentLog,
    connectionTimeoutMs: options.connectionTimeoutMs ?? 1_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 2_000,
  }
}
