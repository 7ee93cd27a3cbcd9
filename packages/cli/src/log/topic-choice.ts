import { allKafkaTopics, type TopicAlias } from '@otn/contracts'
import { CliError, exitCodes } from '../exit-code.ts'

const GROUPS: Readonly<Record<string, (kind: string) => boolean>> = {
  events: (kind) => kind === 'event',
  commands: (kind) => kind === 'command',
  receipts: (kind) => kind === 'receipt',
  alarms: (kind) => kind === 'alarm',
  all: () => true,
}

/**
 * Which Kafka topics are meant by words such as `events`, `optIn` or `otn.optin.events.v1`.
 * Nothing named = the events.
 * @throws CliError 2 naming what exists
 */
export function chooseTopics(words: readonly string[]): readonly TopicAlias[] {
  const chosen = (words.length === 0 ? ['events'] : words).flatMap(topicsOf)
  return [...new Set(chosen)]
}

function topicWords(): readonly string[] {
  return [...Object.keys(GROUPS), ...allKafkaTopics.map(({ alias }) => alias)]
}

function topicsOf(word: string): readonly TopicAlias[] {
  const group = GROUPS[word]
  if (group) return allKafkaTopics.filter(({ kind }) => group(kind)).map(({ alias }) => alias)
  const found = allKafkaTopics.find(({ alias, name }) => alias === word || name === word)
  if (found) return [found.alias]
  const known = topicWords().join(', ')
  const message = `there is no Kafka topic ${JSON.stringify(word)}; one of ${known}`
  throw new CliError(exitCodes.usage, message)
}
