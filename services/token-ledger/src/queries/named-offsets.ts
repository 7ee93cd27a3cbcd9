import { LEDGER_TOPICS, type LedgerTopic, type Offsets } from '../ports.ts'

/** Next offsets as the API tells them: by the name of the Kafka topic, as decimal text. */
export function namedOffsets(
  offsets: Offsets,
  {
    topics = LEDGER_TOPICS,
    nameOf,
  }: {
    readonly topics?: readonly LedgerTopic[]
    readonly nameOf: (topic: LedgerTopic) => string
  },
): Record<string, string[]> {
  return Object.fromEntries(topics.map((topic) => [nameOf(topic), offsets[topic].map(String)]))
}
