import kafkajs, { type Admin } from 'kafkajs'
import { errorName } from '../error-name.ts'
import type { FoundTopic } from './topic-faults.ts'

// Node sees only some names of this CommonJS module; the rest hangs on the default import.
const { ConfigResourceTypes } = kafkajs

/** `ConfigSource.TOPIC_CONFIG` of the protocol: set on the Kafka topic itself. */
const OWN = 1

/** Answers of a broker that has not learned of its partition yet. */
export const NOT_YET: ReadonlySet<string> = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
])

/** Those of the named Kafka topics that exist, by name. */
export async function describeTopics(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, FoundTopic>> {
  const existing = new Set(await admin.listTopics())
  const topics = names.filter((name) => existing.has(name))
  if (topics.length === 0) return new Map()
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    }),
  ])
  const settings = new Map(
    configs.resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]),
  )
  return new Map(
    metadata.topics.map(({ name, partitions }) => {
      const entries = settings.get(name) ?? []
      const found: FoundTopic = {
        name,
        replicas: partitions.map(({ replicas }) => replicas.length),
        settings: Object.fromEntries(entries.map((it) => [it.configName, it.configValue])),
        ownSettings: entries.filter((it) => it.configSource === OWN).map((it) => it.configName),
      }
      return [name, found]
    }),
  )
}

/**
 * True once every partition of the named Kafka topics has a leader that serves it. The metadata
 * names a leader some time before that broker knows of it, so each is asked for its end.
 */
export async function allHaveLeaders(admin: Admin, names: readonly string[]): Promise<boolean> {
  const existing = new Set(await admin.listTopics())
  if (names.some((name) => !existing.has(name))) return false
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
    if (topics.some(({ partitions }) => partitions.some(({ leader }) => leader < 0))) return false
    for (const name of names) await admin.fetchTopicOffsets(name)
    return true
  } catch (error) {
    if (NOT_YET.has(errorName(error))) return false
    throw error
  }
}
