import { allKafkaTopics, kafkaTopics, type TopicAlias } from '@otn/contracts'

/** Translates between our aliases and the names on the cluster. */
export interface TopicNames {
  readonly prefix: string
  nameOf(alias: TopicAlias): string
  /** @throws when the name is none of ours: nobody else's records are ever asked for. */
  aliasOf(name: string): TopicAlias
}

/** Names of a deployment whose Kafka topics all begin with `prefix`. */
export function topicNames(prefix: string): TopicNames {
  const aliases = new Map(allKafkaTopics.map(({ alias, name }) => [`${prefix}${name}`, alias]))
  return {
    prefix,
    nameOf: (alias) => `${prefix}${kafkaTopics[alias].name}`,
    aliasOf: (name) => {
      const alias = aliases.get(name)
      if (alias === undefined) throw new Error(`Kafka topic ${name} is not in the table`)
      return alias
    },
  }
}
