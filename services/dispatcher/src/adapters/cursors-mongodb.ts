/**
 * How far each Kafka partition is handled: the truth, of which Kafka's commit is a hint. A cursor
 * belongs to one generation of the database, so an old process cannot move that of a newer one.
 */
import { type Collection, Long } from 'mongodb'
import { isDuplicateKey } from './commands-mongodb.ts'
import { reaching } from './connect-mongodb.ts'
import { lostGeneration } from './generation-mongodb.ts'

export interface StoredCursor {
  /** `<Kafka topic>/<partition>` */
  readonly _id: string
  readonly next: Long | number
  readonly generation: string
}

export interface PartitionId {
  /** Name of the Kafka topic on the cluster. */
  readonly topic: string
  readonly partition: number
}

export interface Cursors {
  /** What was last read or moved by this process: behind the truth perhaps, never beyond it. */
  lastKnown(where: PartitionId): bigint | null
  /** Null where there is none: the database is not the one that was prepared. */
  read(where: PartitionId): Promise<bigint | null>
  /** @returns false where the cursor did not stand at `from`, or is of another generation */
  move(where: PartitionId, step: { readonly from: bigint; readonly to: bigint }): Promise<boolean>
  /**
   * Puts a cursor where there is none.
   * @throws OTN_STORE_GENERATION_LOST where one of another generation stands
   */
  place(where: PartitionId, next: bigint): Promise<void>
}

export function cursorsIn(collection: Collection<StoredCursor>, generation: string): Cursors {
  const idOf = ({ topic, partition }: PartitionId) => `${topic}/${partition}`
  const known = new Map<string, bigint>()
  return {
    lastKnown: (where) => known.get(idOf(where)) ?? null,
    read: async (where) => {
      const found = await reaching(collection.findOne({ _id: idOf(where), generation }))
      const next = found === null ? null : BigInt(found.next.toString())
      if (next !== null) known.set(idOf(where), next)
      return next
    },
    move: async (where, { from, to }) => {
      const filter = { _id: idOf(where), next: Long.fromBigInt(from), generation }
      const update = { $set: { next: Long.fromBigInt(to) } }
      const isMoved = (await reaching(collection.updateOne(filter, update))).matchedCount === 1
      if (isMoved) known.set(idOf(where), to)
      return isMoved
    },
    place: async (where, next) => {
      // A rebuild that lost its lease must not put its cursor in place of a newer one's.
      const filter = { _id: idOf(where), generation }
      const update = { $set: { next: Long.fromBigInt(next) } }
      const placed = collection.updateOne(filter, update, { upsert: true })
      await reaching(placed.catch(lostIfThereIsAnother))
      known.set(idOf(where), next)
    },
  }
}

function lostIfThereIsAnother(error: unknown): never {
  throw isDuplicateKey(error) ? lostGeneration() : error
}
