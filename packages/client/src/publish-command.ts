import type { Appender } from '@otn/bus'
import { type Codec, cloudEventHeaders, kafkaTopics, type Notify } from '@otn/contracts'
import { appError, isAppError } from '@otn/kernel'
import type { LogPosition } from './notifier.ts'

export interface PublisherParts {
  readonly appender: Pick<Appender, 'append'>
  readonly codec: Codec
  readonly topicPrefix: string
  readonly source: string
}

/** Appends a command; its place in the log tells that it is there for good. */
export async function publishCommand(
  command: Notify,
  { appender, codec, topicPrefix, source }: PublisherParts,
): Promise<LogPosition> {
  const key = `${command.pageId}:${command.commandId}`
  const value = codec.encode('Notify', command)
  const headers = cloudEventHeaders({ id: key, source: `/otn/client/${source}`, type: 'Notify' })
  try {
    const record = { topic: 'notify', key, value, headers: { ...headers } } as const
    const [position] = await appender.append([record])
    if (position === undefined) throw new Error('an acknowledged record has no position')
    const kafkaTopic = `${topicPrefix}${kafkaTopics.notify.name}`
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
