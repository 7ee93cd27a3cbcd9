import kafkajs, { type Admin } from 'kafkajs'
import { errorName } from '../error-name.ts'
import { refusedByKafka } from '../refused-by-kafka.ts'

// Node sees only some names of this CommonJS module; the rest hangs on the default import.
const { ConfigResourceTypes } = kafkajs

const DENIED = 'TOPIC_AUTHORIZATION_FAILED'

/** Whether an answer was kept back because our user may not look at some Kafka topic. */
export function isDenied(error: unknown): boolean {
  return errorName(error) === DENIED
}

/**
 * Which of the named Kafka topics our user may not look at, with a sentence for each. The cluster
 * leaves them out of its list as if they were not there, and says of several at once only that one
 * is denied, so each is asked for alone.
 */
export async function hiddenTopics(
  admin: Admin,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    names.map(async (name) => {
      const error = await lookAt(admin, name)
      const sentence = refusedByKafka(error, { topics: [name] })?.sentence
      return isDenied(error) && sentence !== undefined ? ([[name, sentence]] as const) : []
    }),
  )
  return new Map(found.flat())
}

async function lookAt(admin: Admin, name: string): Promise<unknown> {
  try {
    await admin.fetchTopicMetadata({ topics: [name] })
    const resources = [{ type: ConfigResourceTypes.TOPIC, name }]
    await admin.describeConfigs({ includeSynonyms: false, resources })
    return null
  } catch (error) {
    return error
  }
}
