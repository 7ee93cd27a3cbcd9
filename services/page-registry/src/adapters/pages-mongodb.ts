import { appError, pageId } from '@otn/kernel'
import { type Collection, type Document, MongoServerError } from 'mongodb'
import { type PageDocument, unknownPage } from '../domain/page.ts'
import type { Pages, StoredPage } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson, toBson } from './document-bson.ts'

export interface StoredDocument {
  /** Page id. */
  readonly _id: string
  readonly revision: number
  readonly page: Document
}

const DUPLICATE_KEY = 11_000
const WAS_CONNECTED = { 'page.connection': { $ne: null } }

/** The pages, one document each, written only where the revision is the one that was read. */
export function pagesIn(collection: Collection<StoredDocument>): Pages {
  const stored = ({ _id, revision, page }: StoredDocument): StoredPage => {
    return { pageId: pageId(_id), revision, page: fromBson<PageDocument>(page) }
  }
  return {
    list: async ({ after, limit, all }) => {
      const filter = {
        ...(all ? WAS_CONNECTED : { 'page.connection.value.isConnected': true }),
        ...(after === null ? {} : { _id: { $gt: after } }),
      }
      const found = collection.find(filter).sort({ _id: 1 }).limit(limit)
      return (await reaching(found.toArray())).map(stored)
    },
    all: async () => {
      const found = await reaching(collection.find(WAS_CONNECTED).sort({ _id: 1 }).toArray())
      return found.map(stored)
    },
    read: async (id) => {
      const found = await reaching(collection.findOne({ _id: id }))
      return found === null ? { pageId: id, revision: 0, page: unknownPage } : stored(found)
    },
    save: async ({ pageId: _id, revision, page }) => {
      const next = { _id, revision: revision + 1, page: toBson(page) }
      const isWritten =
        revision === 0
          ? await inserted(collection, next)
          : (await reaching(collection.replaceOne({ _id, revision }, next))).matchedCount === 1
      if (isWritten) return
      throw appError('OTN_STORE_CONFLICT', { message: `page ${_id} changed under the fold` })
    },
  }
}

async function inserted(
  collection: Collection<StoredDocument>,
  next: StoredDocument,
): Promise<boolean> {
  try {
    await collection.insertOne(next)
    return true
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false
    return reaching(Promise.reject(error))
  }
}
