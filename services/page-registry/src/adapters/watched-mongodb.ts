import { appError } from '@otn/kernel'
import { type Collection, type Document, MongoServerError } from 'mongodb'
import { neverWatched, type WatchState } from '../domain/watch-state.ts'
import type { Watched } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson, toBson } from './document-bson.ts'

export interface WatchDocument {
  /** Page id. */
  readonly _id: string
  /** Missing in what an earlier version wrote. */
  readonly revision?: number
  readonly state: Document
}

const DUPLICATE_KEY = 11_000

/** What was seen of each page, written only where the revision is the one that was read. */
export function watchedIn(collection: Collection<WatchDocument>): Watched {
  return {
    read: async (page) => {
      const found = await reaching(collection.findOne({ _id: page }))
      if (found === null) return { state: neverWatched, revision: 0 }
      // One that an earlier version wrote lacks members.
      const state = { ...neverWatched, ...fromBson<Partial<WatchState>>(found.state) }
      return { state, revision: found.revision ?? 0 }
    },
    save: async (_id, { state, revision }) => {
      const next = { revision: revision + 1, state: toBson(state) }
      const known = revision === 0 ? { $exists: false } : revision
      const options = { upsert: revision === 0 }
      const write = collection.replaceOne({ _id, revision: known }, next, options)
      if (await isWritten(write)) return { state, revision: next.revision }
      throw appError('OTN_STORE_CONFLICT', { message: `the watch of page ${_id} changed` })
    },
  }
}

async function isWritten(
  write: ReturnType<Collection<WatchDocument>['replaceOne']>,
): Promise<boolean> {
  try {
    const { matchedCount, upsertedCount } = await write
    return matchedCount + upsertedCount === 1
  } catch (error) {
    // Another one inserted it first.
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false
    return reaching(Promise.reject(error))
  }
}
