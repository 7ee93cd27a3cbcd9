import type { TopicAlias } from '@otn/contracts'
import type { SharedAdmin } from './shared-admin.ts'
import type { TopicNames } from './topic-names.ts'

/** Where the log ends now. All throw OTN_BUS_UNREACHABLE (retryable). */
export interface Positions {
  /**
   * Next offset of each partition, in partition order: what a reader can reach (the high
   * watermark; while a stranger's transaction is open, the last stable offset).
   */
  endOffsets(topic: TopicAlias): Promise<readonly bigint[]>
  /** The same of several Kafka topics, asked at the same time. */
  endOffsetsOf<Alias extends TopicAlias>(
    topics: readonly Alias[],
  ): Promise<Readonly<Record<Alias, readonly bigint[]>>>
  /**
   * First offset of each partition whose record the broker took at or after `timestampMs`; its end
   * offset where there is none. Readers of "the last two hours" begin here.
   */
  offsetsAt(topic: TopicAlias, timestampMs: number): Promise<readonly bigint[]>
  /** First offset that is still kept, of each partition; above 0 once retention took something. */
  startOffsets(topic: TopicAlias): Promise<readonly bigint[]>
  /** Identifies the cluster: offsets of another one mean nothing here. */
  clusterId(): Promise<string>
}

/** Asks the cluster over one shared connection. */
export function createPositions(admin: SharedAdmin, names: TopicNames): Positions {
  const offsets = (topic: TopicAlias, which: 'high' | 'low') =>
    admin.askLeaders(`offsets of ${topic}`, async (client) => {
      const found = await client.fetchTopicOffsets(names.nameOf(topic))
      return found
        .toSorted((a, b) => a.partition - b.partition)
        .map((partition) => BigInt(partition[which]))
    })
  return {
    endOffsets: (topic) => offsets(topic, 'high'),
    startOffsets: (topic) => offsets(topic, 'low'),
    offsetsAt: (topic, timestampMs) =>
      admin.askLeaders(`offsets of ${topic} by time`, async (client) => {
        const name = names.nameOf(topic)
        const found = await client.fetchTopicOffsetsByTimestamp(name, timestampMs)
        return found
          .toSorted((a, b) => a.partition - b.partition)
          .map(({ offset }) => BigInt(offset))
      }),
    async endOffsetsOf<Alias extends TopicAlias>(topics: readonly Alias[]) {
      const found = {} as Record<Alias, readonly bigint[]>
      await Promise.all(
        topics.map(async (topic) => {
          found[topic] = await offsets(topic, 'high')
        }),
      )
      return found
    },
    async clusterId() {
      const { clusterId } = await admin.ask('cluster id', (client) => client.describeCluster())
      return clusterId
    },
  }
}
