import { appError } from '@otn/kernel'
import { type Collection, Long } from 'mongodb'
import type { Cursors, LedgerTopic, Offsets, PartitionId } from '../ports.ts'
import { LEDGER_TOPICS, perTopic } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'

export interface StoredCursor {
  /** `<Kafka topic>/<partition>` */
  readonly _id: string
  readonly next: Long | number
  /** Kafka cluster that the offset belongs to. */
  readonly cluster: string
  /** Generation that made it: an old process cannot move the cursor of a newer store. */
  readonly generation: string
}

export interface CursorOwner {
  readonly clusterId: string
  readonly generationId: string
  /** Name of a Kafka topic on the cluster. */
  readonly nameOf: (topic: LedgerTopic) => string
}

export interface StoredCursors extends Cursors {
  /** Puts every cursor at the given offset; for the rebuild alone. */
  place(offsets: Offsets): Promise<void>
}

export function cursorsIn(collection: Collection<StoredCursor>, owner: CursorOwner): StoredCursors {
  const { clusterId: cluster, generationId: generation, nameOf } = owner
  const idOf = ({ topic, partition }: PartitionId) => `${nameOf(topic)}/${partition}`
  return {
    read: async (partition) => {
      const found = await reaching(collection.findOne({ _id: idOf(partition), generation }))
      return found === null ? null : BigInt(found.next.toString())
    },
    readAll: async () =>
      offsetsOf(await reaching(collection.find({ generation }).toArray()), owner),
    move: async ({ from, to, ...partition }) => {
      const filter = { _id: idOf(partition), next: Long.fromBigInt(from), cluster, generation }
      const update = { $set: { next: Long.fromBigInt(to) } }
      const { matchedCount } = await reaching(collection.updateOne(filter, update))
      return matchedCount === 1
    },
    place: async (offsets) => {
      const cursors = LEDGER_TOPICS.flatMap((topic) =>
        offsets[topic].map((next, partition) => ({
          _id: idOf({ topic, partition }),
          next: Long.fromBigInt(next),
          cluster,
          generation,
        })),
      )
      await reaching(collection.deleteMany({}))
      await reaching(collection.insertMany(cursors))
    },
  }
}

/** A missing cursor means that the store is not the one that was prepared. */
function offsetsOf(found: readonly StoredCursor[], { nameOf }: CursorOwner): Offsets {
  const next = new Map(found.map((cursor) => [cursor._id, BigInt(cursor.next.toString())]))
  return perTopic((topic) => {
    const offsets: bigint[] = []
    for (let partition = 0; ; partition += 1) {
      const offset = next.get(`${nameOf(topic)}/${partition}`)
      if (offset === undefined) break
      offsets.push(offset)
    }
    if (offsets.length > 0) return offsets
    const message = `no cursor of ${nameOf(topic)} is in the store; it was emptied or replaced`
    throw appError('OTN_STORE_GENERATION_LOST', { message })
  })
}
