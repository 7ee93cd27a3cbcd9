import { type KafkaTopic, kafkaTopics, type TopicAlias, topicConfig } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { TopicNames } from '../topic-names.ts'
import type { TopicSettings } from './topic-admin.ts'

/** How a Kafka topic should be. */
export interface WantedTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly settings: Readonly<Record<string, string>>
}

/** The wanted Kafka topics of a deployment. @throws OTN_CONFIG_INVALID */
export function wantedTopics(wanted: TopicSettings, names: TopicNames): readonly WantedTopic[] {
  requireSafe(wanted)
  const aliases = wanted.topics ?? (Object.keys(kafkaTopics) as TopicAlias[])
  return aliases.map((alias) => {
    const topic: KafkaTopic = kafkaTopics[alias]
    return {
      name: names.nameOf(alias),
      partitions: topic.partitions,
      replicationFactor: wanted.replicationFactor,
      settings: {
        ...topicConfig(topic),
        'min.insync.replicas': String(wanted.minInsyncReplicas),
        // A replica that missed acknowledged records must never lead.
        'unclean.leader.election.enable': 'false',
      },
    }
  })
}

function requireSafe({ replicationFactor, minInsyncReplicas, allowFewReplicas }: TopicSettings) {
  const problems: string[] = []
  if (minInsyncReplicas < 1 || minInsyncReplicas > replicationFactor) {
    problems.push(
      `min.insync.replicas is ${minInsyncReplicas}, wanted 1 to ${replicationFactor} replicas`,
    )
  }
  if (allowFewReplicas !== true && (replicationFactor < 3 || minInsyncReplicas < 2)) {
    problems.push(
      `replication factor ${replicationFactor} with min.insync.replicas ${minInsyncReplicas} ` +
        'loses acknowledged records with one machine; use 3 and 2, or allow it for a trial',
    )
  }
  if (problems.length === 0) return
  throw appError('OTN_CONFIG_INVALID', { message: problems.join('; ') })
}
