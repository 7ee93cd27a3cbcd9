import type { Collection, Document } from 'mongodb'
import { neverWatched, type WatchState } from '../domain/watch.ts'
import type { Watched } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson, toBson } from './document-bson.ts'

export interface StoredWatch {
  /** Page id. */
  readonly _id: string
  readonly state: Document
}

export function watchedIn(collection: Collection<StoredWatch>): Watched {
  return {
    read: async (page) => {
      const found = await reaching(collection.findOne({ _id: page }))
      // One that an earlier version wrote lacks members.
      return found === null
        ? neverWatched
        : { ...neverWatched, ...fromBson<Partial<WatchState>>(found.state) }
    },
    save: async (page, state) => {
      const stored = { state: toBson(state) }
      await reaching(collection.replaceOne({ _id: page }, stored, { upsert: true }))
    },
  }
}
