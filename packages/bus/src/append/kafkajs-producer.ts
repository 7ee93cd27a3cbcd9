import type { Producer, ProducerConfig, TopicMessages } from 'kafkajs'
import { type KafkaAccess, newKafka, RETRY } from '../kafka-client.ts'
import { within } from '../within.ts'
import type { LiveProducer } from './live-producer.ts'
import type { Pending } from './pending.ts'
import type { ReplyPart } from './settle-reply.ts'

/** A producer whose caller has given up must not write any more: ends the retries of kafkajs. */
class Abandoned extends Error {
  override readonly name = 'AbandonedProducer'
  /** Read by kafkajs: false ends its retries. */
  readonly retriable = false
}

/** A healed leader is seen after this at the latest, without a send that fails. */
const METADATA_MAX_AGE_MS = 10_000
/** A frozen broker accepts a connection and answers nothing: the next try begins at another. */
const CONNECT_LIMIT_MS = 3_000

/**
 * Connects a new idempotent producer. Every record names its partition, so that a retry inside
 * kafkajs can never choose another one.
 */
export async function connectProducer(access: KafkaAccess, turn: number): Promise<LiveProducer> {
  let isAbandoned = false
  const createPartitioner: ProducerConfig['createPartitioner'] = () => {
    return ({ message }) => {
      // Asked before each try of a send, also a repeated one: the only place to stop it.
      if (isAbandoned) throw new Abandoned('the producer was replaced')
      if (message.partition === undefined) throw new Abandoned('a record without a partition')
      return message.partition
    }
  }
  const producer = newKafka(access, { turn }).producer({
    createPartitioner,
    idempotent: true,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retry: RETRY,
  })
  const close = () => producer.disconnect().catch(() => {})
  const connected = producer.connect()
  try {
    await within(CONNECT_LIMIT_MS, connected)
  } catch (error) {
    void connected.catch(() => {}).finally(close)
    throw error
  }
  let sending: Promise<unknown> = Promise.resolve()
  return {
    send: (records) => {
      const sent = send(producer, records, access.requestTimeoutMs)
      sending = sent.catch(() => {})
      return sent
    },
    abandon: () => {
      isAbandoned = true
      void close()
      // A retry in progress connects again before it asks for partitions and is stopped there.
      void sending.then(close)
    },
    close,
  }
}

async function send(
  producer: Producer,
  records: readonly Pending[],
  timeoutMs: number,
): Promise<readonly ReplyPart[]> {
  return producer.sendBatch({ acks: -1, timeout: timeoutMs, topicMessages: byTopic(records) })
}

function byTopic(records: readonly Pending[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>()
  for (const { topicName, message } of records) {
    const known = topics.get(topicName)
    if (known === undefined) topics.set(topicName, { topic: topicName, messages: [message] })
    else known.messages.push(message)
  }
  return [...topics.values()]
}
