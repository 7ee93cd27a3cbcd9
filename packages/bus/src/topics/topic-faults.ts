import type { WantedTopic } from './wanted-topic.ts'

/** A Kafka topic as the cluster has it. */
export interface FoundTopic {
  readonly name: string
  /** Replicas of each partition. */
  readonly replicas: readonly number[]
  /** Every setting in force, by the broker's name. */
  readonly settings: Readonly<Record<string, string | undefined>>
  /** Names of those that were set on this Kafka topic itself. */
  readonly ownSettings: readonly string[]
}

const NEVER_CHANGED =
  'partitions are never changed, a key must find its partition for ever: ' +
  'use another KAFKA_TOPIC_PREFIX, or copy the records into a new Kafka topic'

/** What differs, one sentence each: Kafka topic, found, wanted, next step. Empty = as wanted. */
export function topicFaults(wanted: WantedTopic, found: FoundTopic | undefined): readonly string[] {
  const topic = `Kafka topic ${wanted.name}`
  if (found === undefined) return [`${topic} is missing; run "pnpm otn topics apply"`]
  const faults: string[] = []
  if (found.replicas.length !== wanted.partitions) {
    faults.push(
      `${topic} has ${found.replicas.length} partitions, ` +
        `wanted ${wanted.partitions}; ${NEVER_CHANGED}`,
    )
  }
  const fewest = Math.min(...found.replicas)
  if (fewest < wanted.replicationFactor) {
    faults.push(
      `${topic} has ${fewest} replicas of a partition, wanted ${wanted.replicationFactor}; ` +
        'reassign it with kafka-reassign-partitions.sh',
    )
  }
  return [...faults, ...settingFaults(wanted, found).map((fault) => `${topic} ${fault}`)]
}

/** Settings that differ and may be set on a living Kafka topic. */
export function settingFaults(wanted: WantedTopic, found: FoundTopic): readonly string[] {
  return Object.entries(wanted.settings)
    .filter(([name, value]) => found.settings[name] !== value)
    .map(
      ([name, value]) =>
        `has ${name} ${found.settings[name] ?? 'unset'}, wanted ${value}; ` +
        'run "pnpm otn topics apply"',
    )
}
