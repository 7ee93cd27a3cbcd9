/** Kafka as kafkajs 2.2.4 alone gives it: for negative controls, and to read a log unaided. */
import { randomUUID } from 'node:crypto'
import { createTopics } from '@otn/engines'
import { type ITopicConfig, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'

/** A client as its documentation shows it. */
export function plainKafka(brokers: readonly string[]): Kafka {
  return new Kafka({ brokers: [...brokers], clientId: 'plain', logLevel: logLevel.NOTHING })
}

/** An idempotent producer with every default that concerns delivery. */
export async function plainProducer(brokers: readonly string[]): Promise<Producer> {
  const producer = plainKafka(brokers).producer({
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  return producer
}

export async function createTopic(brokers: readonly string[], topic: ITopicConfig): Promise<void> {
  const admin = plainKafka(brokers).admin()
  await admin.connect()
  await createTopics(admin, [topic])
  await admin.disconnect()
}

export interface LogEntry {
  readonly partition: number
  readonly offset: bigint
  readonly value: string
}

/** Every record in a Kafka topic, of each partition in its order, up to its end now. */
export async function readLog(
  brokers: readonly string[],
  topic: string,
): Promise<readonly LogEntry[]> {
  const kafka = plainKafka(brokers)
  const missing = await endsOf(kafka, topic)
  const entries: LogEntry[] = []
  if (missing.size === 0) return entries
  const consumer = kafka.consumer({ groupId: `read.${randomUUID()}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const { promise: isRead, resolve } = Promise.withResolvers<void>()
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const end = missing.get(partition)
      if (end === undefined) return
      const offset = BigInt(message.offset)
      entries.push({ partition, offset, value: String(message.value) })
      if (offset + 1n >= end) missing.delete(partition)
      if (missing.size === 0) resolve()
    },
  })
  await isRead
  await consumer.disconnect()
  return entries
}

async function endsOf(kafka: Kafka, topic: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const ends = offsets.map(({ partition, high }) => [partition, BigInt(high)] as const)
  return new Map(ends.filter(([, end]) => end > 0n))
}
