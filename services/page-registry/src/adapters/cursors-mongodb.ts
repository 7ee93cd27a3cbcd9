import { appError } from '@otn/kernel'
import { type Collection, Long, MongoServerError } from 'mongodb'
import type { Cursors } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'

export interface StoredCursor {
  /** Partition of the page events. */
  readonly _id: number
  readonly next: Long | number
  /** Kafka cluster that the offset belongs to. */
  readonly cluster: string
}

const DUPLICATE_KEY = 11_000

/**
 * Cursors of this cluster. A database that was emptied has none, so the log is folded from its
 * beginning again.
 */
export function cursorsIn(collection: Collection<StoredCursor>, cluster: string): Cursors {
  const offsetOf = ({ next }: StoredCursor) => BigInt(next.toString())
  return {
    read: async (partition) => {
      const found = await reaching(collection.findOne({ _id: partition }))
      return found === null ? 0n : offsetOf(found)
    },
    readAll: async () => {
      const found = await reaching(collection.find().toArray())
      if (found.some((cursor) => cursor.cluster !== cluster)) {
        const message =
          'the read model was folded from another Kafka cluster. Drop the database of the ' +
          'page registry and start again'
        throw appError('OTN_STORE_CLUSTER_CHANGED', { message })
      }
      return new Map(found.map((cursor) => [cursor._id, offsetOf(cursor)]))
    },
    move: async ({ partition: _id, from, to }) => {
      const next = Long.fromBigInt(to)
      if (from === 0n) return placed(collection, { _id, next, cluster })
      const filter = { _id, next: Long.fromBigInt(from), cluster }
      const { matchedCount } = await reaching(collection.updateOne(filter, { $set: { next } }))
      return matchedCount === 1
    },
  }
}

async function placed(
  collection: Collection<StoredCursor>,
  cursor: StoredCursor,
): Promise<boolean> {
  try {
    await collection.insertOne(cursor)
    return true
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false
    return reaching(Promise.reject(error))
  }
}
