import { setTimeout as delay } from 'node:timers/promises'
import type { Batch, Bus } from '@otn/bus'
import type { Codec, RecordOf, Records, TopicAlias } from '@otn/contracts'
import type { Read } from '../inbox-ports.ts'
import { readRecords } from './read-records.ts'

const REGISTRY_RETRY_MS = 1_000
const CONCURRENT_PARTITIONS = 4

export interface StreamFold<Alias extends TopicAlias> {
  readonly bus: Bus
  readonly codec: Codec
  readonly topic: Alias
  /** Next offset per partition. */
  readonly from: readonly bigint[]
  readonly handle: (reads: readonly Read<Records[RecordOf<Alias>]>[]) => Promise<void>
}

/**
 * Folds a Kafka topic from where it was left to its end as it is now. Folding twice changes
 * nothing, so it needs no group and no owner.
 * @returns the next offsets, and how many records were read
 */
export async function foldStream<Alias extends TopicAlias>({
  bus,
  codec,
  topic,
  from,
  handle,
}: StreamFold<Alias>): Promise<{ readonly next: readonly bigint[]; readonly records: number }> {
  let records = 0
  let fault: unknown = null
  const following = await bus.follow({
    topics: [topic],
    from: { [topic]: from },
    until: 'end',
    concurrency: CONCURRENT_PARTITIONS,
    onBatch: async (batch) => {
      try {
        for await (const reads of wholeBatch(codec, topic, batch)) await handle(reads)
        records += batch.records.length
      } catch (error) {
        fault ??= error
        throw error
      }
    },
    onCrash: () => {},
  })
  await following.finished.catch((error) => Promise.reject(fault ?? error))
  return { next: following.positions[topic] ?? from, records }
}

/** Everything a batch says; waits in the middle while the registry is away. */
export async function* wholeBatch<Alias extends TopicAlias>(
  codec: Codec,
  topic: Alias,
  batch: Batch,
): AsyncGenerator<readonly Read<Records[RecordOf<Alias>]>[]> {
  let rest = batch.records
  while (rest.length > 0 && !batch.isStale()) {
    const { partition } = batch
    const { reads, stoppedAt } = await readRecords(codec, { topic, partition, records: rest })
    yield reads
    if (stoppedAt === null) return
    rest = rest.slice(rest.findIndex(({ offset }) => offset === stoppedAt))
    await delay(REGISTRY_RETRY_MS)
  }
}
