import type { TopicAlias } from '@otn/contracts'
import type { Message } from 'kafkajs'
import type { AppendCall } from './append-call.ts'

/** A record on its way. */
export interface Pending {
  readonly call: AppendCall
  /** Its place among the caller's records. */
  readonly index: number
  readonly topic: TopicAlias
  /** Name on the cluster. */
  readonly topicName: string
  readonly partition: number
  readonly message: Message
  readonly bytes: number
  /** When it was given to us, monotonic milliseconds. */
  readonly sinceMs: number
}

/** Names a partition in maps and log lines. */
export type PartitionKey = `${string}/${number}`

export function partitionKey({ topic, partition }: Pick<Pending, 'topic' | 'partition'>) {
  return `${topic}/${partition}` satisfies PartitionKey
}
