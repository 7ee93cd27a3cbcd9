/** Batches as the bus hands them over, from a log in memory. */
import type { Batch, BatchResult } from '@otn/bus'
import {
  createCodec,
  findSchemaIds,
  kafkaTopics,
  type RecordOf,
  type Records,
} from '@otn/contracts'
import type { RawRecord } from '../src/log-ports.ts'
import type { LedgerTopic, PartitionId } from '../src/ports.ts'
import { PARTITIONS } from './fake-store.ts'

const texts: string[] = []
const found = await findSchemaIds({
  registry: {
    register: async () => 0,
    lookup: async (_subject, schema) => texts.push(schema),
    schemaById: async (id) => texts[id - 1] ?? null,
    requireFullTransitive: async () => {},
  },
})
if ('faults' in found) throw new Error(found.faults.join('; '))

export const codec = createCodec(found.ids)

/** One partition of one Kafka topic after the other. */
export class FakeLog {
  readonly #partitions = new Map<string, RawRecord[]>()

  append<Topic extends LedgerTopic>(
    topic: Topic,
    facts: readonly { readonly key: string; readonly value: Records[RecordOf<Topic>] }[],
  ): void {
    const { record } = kafkaTopics[topic]
    for (const { key, value } of facts) {
      this.appendRaw(partitionOf(topic, key), codec.encode(record, value))
    }
  }

  appendRaw({ topic, partition }: PartitionId, value: Buffer): void {
    const records = this.#of({ topic, partition })
    records.push({ key: null, value, headers: {}, timestampMs: 0 })
  }

  end(where: PartitionId): bigint {
    return BigInt(this.#of(where).length)
  }

  get partitions(): readonly PartitionId[] {
    return [...this.#partitions.keys()].map((key) => {
      const [topic, partition] = key.split('/')
      return { topic: topic as LedgerTopic, partition: Number(partition) }
    })
  }

  batch(where: PartitionId, from: bigint, size = 100): Batch {
    const records = this.#of(where)
      .map((record, index) => ({ ...record, offset: BigInt(index) }))
      .slice(Number(from), Number(from) + size)
    return {
      ...where,
      records,
      highWatermark: this.end(where),
      heartbeat: async () => {},
      isStale: () => false,
    }
  }

  #of({ topic, partition }: PartitionId): RawRecord[] {
    const key = `${topic}/${partition}`
    const records = this.#partitions.get(key) ?? []
    this.#partitions.set(key, records)
    return records
  }
}

export function partitionOf(topic: LedgerTopic, key: string): PartitionId {
  return { topic, partition: (key.codePointAt(0) ?? 0) % PARTITIONS }
}

/** Where the bus reads next after a result. */
export function nextAfter(batch: Batch, result: BatchResult): bigint {
  if (result.kind === 'seek') return result.offset
  if (result.kind === 'retry') return result.from
  return (batch.records.at(-1)?.offset ?? -1n) + 1n
}
