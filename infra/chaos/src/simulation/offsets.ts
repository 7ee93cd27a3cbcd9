import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import type { LedgerAnswer } from '@otn/dispatcher/decisions'
import { type PersonId, personId } from '@otn/kernel'

interface Said {
  readonly person: string | null
  readonly asOf: Readonly<Record<string, string>>
  readonly asOfAll?: Readonly<Record<string, readonly string[]>> | undefined
}

/** How far the ledger had read, out of its answer: of the person's partitions, or of all. */
export function offsetsOf(
  { person, asOf, asOfAll }: Said,
  partitionOf: (topic: TopicAlias, person: PersonId) => number,
): LedgerAnswer['asOf'] {
  const of = (topic: TopicAlias): ReadonlyMap<number, bigint> => {
    const { name } = kafkaTopics[topic]
    const own = asOf[name]
    if (person !== null && own !== undefined) {
      return new Map([[partitionOf(topic, personId(person)), BigInt(own)]])
    }
    return new Map((asOfAll?.[name] ?? []).map((next, index) => [index, BigInt(next)]))
  }
  return {
    optIn: of('optIn'),
    engagement: of('engagement'),
    notification: of('notification'),
    optInRequestEvent: of('optInRequestEvent'),
    token: of('token'),
  }
}
