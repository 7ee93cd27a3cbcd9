/** kafkajs as it comes, in the settings that lose nothing: what our own bus is measured against. */
import { createTopics } from '@otn/engines'
import { type Consumer, Kafka, logLevel, type Message, Partitioners, type Producer } from 'kafkajs'
import { groupCommit } from './group-commit.ts'

/** As every Kafka topic of ours. */
const PARTITIONS = 12
const SEND_SIZE_MAX = 1_000

export interface RawTopic {
  readonly brokers: readonly string[]
  readonly topic: string
}

export function rawKafka({ brokers }: Pick<RawTopic, 'brokers'>): Kafka {
  return new Kafka({ clientId: 'bench-raw', brokers: [...brokers], logLevel: logLevel.NOTHING })
}

export async function makeTopic({ brokers, topic }: RawTopic): Promise<void> {
  const admin = rawKafka({ brokers }).admin()
  await admin.connect()
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }]
  const wish = { topic, numPartitions: PARTITIONS, replicationFactor: 1, configEntries }
  await createTopics(admin, [wish])
  await admin.disconnect()
}

/** Acknowledged by all in-sync replicas, idempotent. */
export async function rawProducer(brokers: readonly string[]): Promise<Producer> {
  const producer = rawKafka({ brokers }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    idempotent: true,
    allowAutoTopicCreation: false,
  })
  await producer.connect()
  return producer
}

/** Appends messages that are ready; what comes while a send is under way goes with the next one. */
export function rawAppender(
  producer: Producer,
  topic: string,
): (messages: readonly Message[]) => Promise<void> {
  const send = (groups: readonly (readonly Message[])[]) =>
    producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: groups.flat() }] })
  return groupCommit<readonly Message[]>(send, { sizeMax: SEND_SIZE_MAX, sendsMax: 1 })
}

/** Takes as much at a time as the ledger does. */
export async function rawConsumer({ brokers, topic }: RawTopic): Promise<Consumer> {
  const consumer = rawKafka({ brokers }).consumer({
    groupId: `${topic}-group`,
    maxBytesPerPartition: 256 * 1024,
    maxWaitTimeInMs: 250,
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  return consumer
}
