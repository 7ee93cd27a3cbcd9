/** Appends what is ready to any Kafka topic of a deployment, as fast as kafkajs does. */
import { type Bus, openLog, silentLog } from '@otn/bus'
import { type Codec, kafkaTopics, type TopicAlias } from '@otn/contracts'
import { type Deployment, logSettings } from '@otn/stack'
import { rawAppender, rawProducer } from '../baselines/raw-kafka.ts'
import type { ReadyRecord } from './ready-records.ts'

const AT_ONCE = 1_000
const CLOSE_MS = 5_000

export interface Feed extends AsyncDisposable {
  readonly codec: Codec
  /** Name of a Kafka topic on the cluster. */
  nameOf(topic: TopicAlias): string
  append(kafkaTopic: string, records: readonly ReadyRecord[]): Promise<void>
  /** How many records a Kafka topic has taken, over all partitions. */
  endOf(topic: TopicAlias): Promise<number>
}

export async function openFeed(deployment: Deployment): Promise<Feed> {
  const { kafkaBrokers, topicPrefix } = deployment
  const opened = await openLog(logSettings(deployment), { clientId: 'bench', log: silentLog })
  const { bus, codec } = opened
  const producer = await rawProducer(kafkaBrokers)
  return {
    codec,
    nameOf: (topic) => `${topicPrefix}${kafkaTopics[topic].name}`,
    append: async (kafkaTopic, records) => {
      const append = rawAppender(producer, kafkaTopic)
      for (let from = 0; from < records.length; from += AT_ONCE) {
        await append(records.slice(from, from + AT_ONCE).map((record) => ({ ...record })))
      }
    },
    endOf: (topic) => endOf(bus, topic),
    [Symbol.asyncDispose]: async () => {
      await producer.disconnect()
      await bus.close(CLOSE_MS)
    },
  }
}

async function endOf(bus: Bus, topic: TopicAlias): Promise<number> {
  const offsets = await bus.positions.endOffsets(topic)
  return offsets.reduce((sum, offset) => sum + Number(offset), 0)
}
