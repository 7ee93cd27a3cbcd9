import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders, kafkaTopics, type Records } from '@otn/contracts'
import { appError, isAppError } from '@otn/kernel'
import type { LogPosition } from './notifier.ts'

export interface PublisherParts {
  readonly appender: Pick<Appender, 'append'>
  readonly codec: Codec
  readonly topicPrefix: string
  readonly source: string
}

/** Commands that the client publishes, by their Kafka topic. */
type Published = 'notify' | 'optInRequest' | 'consent' | 'cancel' | 'campaign'
type CommandOn<Topic extends Published> = Records[(typeof kafkaTopics)[Topic]['record']]

/** Appends a command; its place in the log tells that it is there for good. */
export async function publishCommand<Topic extends Published>(
  topic: Topic,
  command: CommandOn<Topic>,
  { appender, codec, topicPrefix, source }: PublisherParts,
): Promise<LogPosition> {
  const { record, name } = kafkaTopics[topic]
  const id = `${command.pageId}:${command.commandId}`
  // Commands of one campaign keep their order: a pause must not overtake the start.
  const key = 'campaignId' in command ? `${command.pageId}:${command.campaignId}` : id
  const type = 'type' in command ? command.type : record
  const value = codec.encode(record, command)
  const headers = cloudEventHeaders({ id, source: `/otn/client/${source}`, type })
  try {
    const [position] = await appender.append([{ topic, key, value, headers: { ...headers } }])
    if (position === undefined) throw new Error('an acknowledged record has no position')
    const kafkaTopic = `${topicPrefix}${name}`
    return { kafkaTopic, partition: position.partition, offset: String(position.offset) }
  } catch (error) {
    throw withCommandId(error, command.commandId)
  }
}

/** A failed publication can be repeated without a second effect, but only under the same id. */
function withCommandId(error: unknown, commandId: string): unknown {
  if (!isAppError(error)) return error
  const message = `${error.message}; a repeat must give idempotencyKey ${JSON.stringify(commandId)}`
  return appError(error.code, { message, cause: error, details: { ...error.details, commandId } })
}
