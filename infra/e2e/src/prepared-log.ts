/** The log of a test whose services run in its own process: made ready, named, and read. */
import { type Bus, createBus } from '@otn/bus'
import {
  type Codec,
  createCodec,
  createRegistryClient,
  findSchemaIds,
  kafkaTopics,
  publishSchemas,
  type RecordOf,
  type Records,
  type TopicAlias,
} from '@otn/contracts'
import type { TestScope } from '@otn/testing'

export interface KeptRecord<Topic extends TopicAlias = TopicAlias> {
  readonly topic: Topic
  readonly partition: number
  readonly offset: bigint
  readonly key: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly raw: Buffer
  readonly value: Records[RecordOf<Topic>]
}

/** Kafka topics and schemas of a scope, as an operator makes them. */
export async function preparedLog({ kafkaBrokers: brokers, prefix, schemaRegistryUrl }: TestScope) {
  const bus = createBus({ brokers, clientId: 'test', topicPrefix: prefix })
  await bus.topics.apply({ replicationFactor: 1, minInsyncReplicas: 1, allowFewReplicas: true })
  const registry = createRegistryClient(schemaRegistryUrl, 60_000)
  await publishSchemas(registry, prefix)
  const found = await findSchemaIds({ registry, topicPrefix: prefix })
  if ('faults' in found) throw new Error(found.faults.join('\n'))
  return { bus, codec: createCodec(found.ids) }
}

/** Settings by which every service finds the engines of a scope. */
export function engineEnv(scope: TestScope): Readonly<Record<string, string>> {
  return {
    KAFKA_BROKERS: scope.kafkaBrokers.join(','),
    KAFKA_TOPIC_PREFIX: scope.prefix,
    KAFKA_REPLICATION_FACTOR: '1',
    SCHEMA_REGISTRY_URL: scope.schemaRegistryUrl,
    MONGODB_URI: scope.mongodbUri,
    MONGODB_DATABASE_PREFIX: scope.database,
  }
}

/** Every record of a Kafka topic that can be read, in the order of its partitions. */
export async function readTopic<Topic extends TopicAlias>(
  bus: Bus,
  codec: Codec,
  topic: Topic,
): Promise<readonly KeptRecord<Topic>[]> {
  const kept: KeptRecord<Topic>[] = []
  const following = await bus.follow({
    topics: [topic],
    until: 'end',
    onCrash: () => {},
    onBatch: ({ partition, records }) => {
      for (const { key, headers, value, offset } of records) {
        const decoded = codec.decode<RecordOf<Topic>>(kafkaTopics[topic].record, value)
        if (decoded.kind !== 'known' || value === null) continue
        const said = { topic, partition, offset, key: String(key), headers }
        kept.push({ ...said, raw: value, value: decoded.value })
      }
    },
  })
  await following.finished
  await following.close(1_000)
  return kept
}
