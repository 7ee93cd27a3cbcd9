/**
 * The document that says that this database is whole, and which one it is. Only a rebuild writes
 * it: collections and indexes are made first, the log is folded, then the document appears. Whoever
 * finds it gone or another one must not call anybody.
 */
import { randomUUID } from 'node:crypto'
import { appError } from '@otn/kernel'
import type { Collection, UpdateFilter } from 'mongodb'
import { isDuplicateKey } from './commands-mongodb.ts'
import { reaching, storeError } from './connect-mongodb.ts'
import type { StoredState } from './stored-state.ts'

export interface Deployment {
  readonly clusterId: string
  readonly pepperCheck: string
}

export interface Generation extends Deployment {
  readonly id: string
}

export interface Generations {
  read(): Promise<Generation | null>
  /** Leave to rebuild, for the length of a lease; null while somebody else has it. */
  beginRebuild(): Promise<string | null>
  /** @returns false where the leave had lapsed */
  renew(permit: string): Promise<boolean>
  /** No database is whole: whoever works on it ends at its next look; the next start rebuilds. */
  revoke(): Promise<void>
  /** Declares the database whole, and gives the leave back. */
  finish(permit: string, deployment: Deployment): Promise<Generation>
  /** @throws OTN_STORE_GENERATION_LOST where the database is not this one any more */
  require(id: string): Promise<void>
}

export const REBUILD_LEASE_MS = 30_000
const LEASE = { $add: ['$$NOW', REBUILD_LEASE_MS] }

export function generationsIn(collection: Collection<StoredState>): Generations {
  const read = async (): Promise<Generation | null> => {
    const found = await reaching(collection.findOne({ _id: 'generation' }))
    if (!found) return null
    const { id, clusterId = '', pepperCheck = '' } = found
    return { id, clusterId, pepperCheck }
  }
  return {
    read,
    beginRebuild: async () => {
      const id = randomUUID()
      const lapsed = { _id: 'rebuild', $expr: { $lt: ['$leaseUntil', '$$NOW'] } } as const
      const pipeline = [{ $set: { id, leaseUntil: LEASE } }] as unknown as UpdateFilter<StoredState>
      // An upsert may not compare with the server's clock, so the document is made first, lapsed.
      const none = { _id: 'rebuild', id: '', leaseUntil: new Date(0) } as StoredState
      await collection.insertOne(none).catch((error) => {
        if (!isDuplicateKey(error)) throw storeError(error)
      })
      const { matchedCount } = await reaching(collection.updateOne(lapsed, pipeline))
      return matchedCount === 1 ? id : null
    },
    renew: async (permit) => {
      const pipeline = [{ $set: { leaseUntil: LEASE } }] as unknown as UpdateFilter<StoredState>
      const ours = { _id: 'rebuild', id: permit } as const
      return (await reaching(collection.updateOne(ours, pipeline))).matchedCount === 1
    },
    revoke: async () => {
      await reaching(collection.deleteOne({ _id: 'generation' }))
    },
    finish: async (permit, deployment) => {
      const generation = { id: permit, ...deployment }
      await reaching(collection.insertOne({ _id: 'generation', ...generation }))
      await reaching(collection.deleteOne({ _id: 'rebuild', id: permit }))
      return generation
    },
    require: async (id) => {
      if ((await read())?.id !== id) throw lostGeneration()
    },
  }
}

export function lostGeneration(): Error {
  const message =
    'the claims in MongoDB were emptied or replaced; the next start rebuilds them from the log'
  return appError('OTN_STORE_GENERATION_LOST', { message })
}
