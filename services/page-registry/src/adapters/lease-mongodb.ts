import type { Collection, UpdateFilter } from 'mongodb'
import type { Lease } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'

export interface StoredLease {
  readonly _id: 'watch'
  /** The process that has it. */
  readonly holder: string
  readonly until: Date
  /** Of the business clock. */
  readonly lastRoundAt?: Date
}

const LEASE_MS = 60_000
const _id = 'watch' as const
const LAPSED = new Date(0)

/** @param holder names this process among all others */
export function leaseIn(collection: Collection<StoredLease>, holder: string): Lease {
  const take = async (): Promise<boolean> => {
    const free = { $or: [{ $eq: ['$holder', holder] }, { $lt: ['$until', '$$NOW'] }] }
    const until = { $add: ['$$NOW', LEASE_MS] }
    const pipeline = [{ $set: { holder, until } }] as unknown as UpdateFilter<StoredLease>
    const { matchedCount } = await reaching(collection.updateOne({ _id, $expr: free }, pipeline))
    return matchedCount === 1
  }
  return {
    hold: async () => {
      if (await take()) return true
      // An upsert may not compare with the server's clock, so the document is made first, lapsed.
      const none = { $setOnInsert: { holder: '', until: LAPSED } }
      const { upsertedCount } = await reaching(
        collection.updateOne({ _id }, none, { upsert: true }),
      )
      return upsertedCount === 1 ? take() : false
    },
    lastRoundAt: async () => {
      const found = await reaching(collection.findOne({ _id }))
      return found?.lastRoundAt?.getTime() ?? null
    },
    beginRound: async (atMs) => {
      const lastRoundAt = new Date(atMs)
      await reaching(collection.updateOne({ _id, holder }, { $set: { lastRoundAt } }))
    },
    release: async () => {
      await reaching(collection.updateOne({ _id, holder }, { $set: { until: LAPSED } }))
    },
  }
}
