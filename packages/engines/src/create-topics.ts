import { waitFor } from './wait-for.ts'

/** What is asked of an admin client; kafkajs's has it. */
export interface TopicMaker<Topic extends { readonly topic: string }> {
  createTopics(options: { topics: Topic[]; waitForLeaders: boolean }): Promise<boolean>
  fetchTopicOffsets(topic: string): Promise<readonly unknown[]>
}

const READY_LIMIT_MS = 30_000

/**
 * Creates Kafka topics for a test that works without our bus, and waits until their leaders serve
 * them. A broker that was just told of a new topic may for a moment deny that there is one, which
 * kafkajs 2.2.4, told to wait for leaders, takes for an answer.
 */
export async function createTopics<Topic extends { readonly topic: string }>(
  admin: TopicMaker<Topic>,
  topics: readonly Topic[],
): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false })
  for (const { topic } of topics) {
    await waitFor(() => admin.fetchTopicOffsets(topic), {
      timeoutMs: READY_LIMIT_MS,
      describe: `Kafka topic ${topic} to be served by its leaders`,
    })
  }
}
