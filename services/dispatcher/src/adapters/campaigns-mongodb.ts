/** The documents of campaigns in MongoDB: each change is one compare-and-set of one document. */
import { firstRevision } from '@otn/runtime'
import type { Collection, Filter, UpdateFilter } from 'mongodb'
import type { Campaigns } from '../campaign-ports.ts'
import { type CampaignKey, campaignKey } from '../domain/campaign.ts'
import { type CampaignDocument, isCampaignOwed } from '../domain/campaign-document.ts'
import { fromBson, toBson } from './command-bson.ts'
import { isDuplicateKey } from './commands-mongodb.ts'
import { reaching } from './connect-mongodb.ts'

/** A document as MongoDB holds it. */
export interface CampaignRecord {
  readonly _id: string
  readonly revision: number
  readonly pageId: string
  readonly campaignId: string
  readonly document: object
  /** Present while something is left to do. */
  readonly owed?: true
  /** Nobody else takes it before, by the store's clock. */
  readonly leaseUntil: Date
  readonly taker?: string
}

export interface CampaignsOptions {
  /** Longer than any step takes. */
  readonly leaseMs: number
  /** This process, as no other one is called. */
  readonly worker: string
}

export function campaignsIn(
  collection: Collection<CampaignRecord>,
  { leaseMs, worker }: CampaignsOptions,
): Campaigns {
  const isFree = { $or: [{ $expr: { $lte: ['$leaseUntil', '$$NOW'] } }, { taker: worker }] }
  const readOne = (key: CampaignKey) => reaching(collection.findOne({ _id: key }))
  const take = async (_id: string) => {
    const lease = { leaseUntil: { $add: ['$$NOW', leaseMs] }, taker: { $literal: worker } }
    const pipeline = [{ $set: lease }] as unknown as UpdateFilter<CampaignRecord>
    const filter: Filter<CampaignRecord> = { _id, owed: true, ...isFree }
    const options = { returnDocument: 'after' } as const
    return reaching(collection.findOneAndUpdate(filter, pipeline, options))
  }
  return {
    read: async (key) => documentOf(await readOne(key)),
    change: async (key, decide) => {
      for (;;) {
        const record = await readOne(key)
        const next = decide(documentOf(record))
        if (next === null) return null
        if (await write(collection, { key, from: record?.revision ?? null, next })) return next
      }
    },
    list: async ({ page, after, limit }) => {
      const behind = after === null ? {} : { campaignId: { $gt: after } }
      const found = collection.find({ pageId: page, ...behind }).sort({ campaignId: 1 })
      const records = await reaching(found.limit(limit).toArray())
      return records.flatMap((record) => documentOf(record) ?? [])
    },
    takeDue: async (limit) => {
      const due: Filter<CampaignRecord> = { owed: true, ...DUE }
      const found = collection.find(due, { projection: { _id: 1 } }).sort({ leaseUntil: 1 })
      const ids = await reaching(found.limit(limit).toArray())
      const taken = await Promise.all(ids.map(({ _id }) => take(_id)))
      return taken.flatMap((record) => documentOf(record) ?? [])
    },
    leave: async (key, forMs) => {
      const set = { $set: { leaseUntil: { $add: ['$$NOW', forMs] }, taker: '$$REMOVE' } }
      const pipeline = [set] as unknown as UpdateFilter<CampaignRecord>
      await reaching(collection.updateOne({ _id: key, taker: worker }, pipeline))
    },
  }
}

/** Whoever took one gives it back before it looks again, or has died: the lease alone counts. */
const DUE = { $expr: { $lte: ['$leaseUntil', '$$NOW'] } }

interface CampaignWrite {
  readonly key: CampaignKey
  /** Null = there must be no document. */
  readonly from: number | null
  readonly next: CampaignDocument
}

/** @returns false where the document was changed since it was read */
async function write(
  collection: Collection<CampaignRecord>,
  { key, from, next }: CampaignWrite,
): Promise<boolean> {
  const { pageId, campaignId } = next.campaign
  const about = { pageId, campaignId, document: toBson({ ...next }) }
  const owed = isCampaignOwed(next) ? ({ owed: true } as const) : {}
  if (from === null) {
    const revision = firstRevision()
    const record = { _id: campaignKey(pageId, campaignId), revision, ...about, ...owed }
    const inserted = collection.insertOne({ ...record, leaseUntil: new Date(0) }).then(
      () => true,
      (error) => (isDuplicateKey(error) ? false : Promise.reject(error)),
    )
    return reaching(inserted)
  }
  const unset = isCampaignOwed(next) ? {} : ({ $unset: { owed: true } } as const)
  const update = { $set: { ...about, ...owed, revision: from + 1 }, ...unset }
  const written = collection.updateOne({ _id: key, revision: from }, update)
  return (await reaching(written)).matchedCount === 1
}

function documentOf(record: CampaignRecord | null): CampaignDocument | null {
  // Written by `write` alone, whose input had this very type.
  return record && (fromBson(record.document) as CampaignDocument)
}
