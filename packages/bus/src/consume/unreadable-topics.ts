import { errorName } from '../error-name.ts'
import { type KafkaAccess, newKafka, RETRY } from '../kafka-client.ts'
import { atMost, within } from '../within.ts'
import { ephemeralGroup } from './ephemeral-group.ts'

const LOOK_LIMIT_MS = 5_000
const CLOSE_LIMIT_MS = 1_000
const FETCH_WAIT_MS = 250
const DENIED = 'TOPIC_AUTHORIZATION_FAILED'

/**
 * Which of some Kafka topics our user may not read. Kafka's answer to a fetch of several says only
 * that one is denied, so each is read alone until its first answer; nothing is committed.
 * @returns those that are denied; one that gave no answer in 5 s is not among them. Never throws
 */
export async function unreadableTopics(
  topics: readonly string[],
  { access, prefix }: { readonly access: KafkaAccess; readonly prefix: string },
): Promise<readonly string[]> {
  const found = await Promise.all(
    topics.map(async (topic) => {
      const groupId = ephemeralGroup(prefix, access.clientId)
      return (await isDenied(topic, { access, groupId })) ? [topic] : []
    }),
  )
  return found.flat()
}

async function isDenied(
  topic: string,
  { access, groupId }: { readonly access: KafkaAccess; readonly groupId: string },
): Promise<boolean> {
  const consumer = newKafka(access, { turn: 0 }).consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    retry: { ...RETRY, restartOnFailure: async () => false },
  })
  const answered = Promise.withResolvers<boolean>()
  consumer.on('consumer.fetch', () => answered.resolve(false))
  consumer.on('consumer.crash', ({ payload }) => answered.resolve(isDenial(payload.error)))
  const read = async () => {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: false })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
    return answered.promise
  }
  try {
    return await within(LOOK_LIMIT_MS, read())
  } catch (error) {
    return isDenial(error)
  } finally {
    await atMost(CLOSE_LIMIT_MS, consumer.disconnect())
  }
}

function isDenial(error: unknown): boolean {
  return errorName(error) === DENIED
}
