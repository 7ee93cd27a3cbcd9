import type { PageId } from '@otn/kernel'
import type { Collection } from 'mongodb'
import { isDuplicateKey } from './commands-mongodb.ts'
import { reaching } from './connect-mongodb.ts'
import type { PageLoad, ShareStore } from './page-shares.ts'
import type { StoredLoad, StoredState } from './stored-state.ts'

const NONE: StoredLoad = { revision: 0, holders: [], freedAt: new Date(0), calls: {} }

/** Shares of pages in MongoDB, each in one document that is changed by compare-and-set. */
export function shareStoreIn(collection: Collection<StoredState>): ShareStore {
  return {
    change: async (page, decide) => {
      for (;;) {
        const { stored, nowMs } = await reaching(read(collection, page))
        const decided = decide(loadOf(stored), nowMs)
        const load = { revision: stored.revision + 1, ...storedLoad(decided) }
        if (await reaching(write(collection, page, { from: stored.revision, load }))) return decided
      }
    },
  }
}

type Key = `load:${string}`

async function read(collection: Collection<StoredState>, page: PageId) {
  const _id: Key = `load:${page}`
  const [found] = await collection
    .aggregate<{ readonly load: StoredLoad; readonly now: Date }>([
      { $match: { _id } },
      { $project: { load: 1, now: '$$NOW' } },
    ])
    .toArray()
  if (found) return { stored: found.load, nowMs: found.now.getTime() }
  // Nobody has anything, so nobody's lease has to be compared with a clock but the new one.
  const [{ now = new Date() } = {}] = await collection
    .aggregate<{ readonly now: Date }>([{ $limit: 1 }, { $project: { now: '$$NOW' } }])
    .toArray()
  return { stored: NONE, nowMs: now.getTime() }
}

async function write(
  collection: Collection<StoredState>,
  page: PageId,
  { from, load }: { readonly from: number; readonly load: StoredLoad },
): Promise<boolean> {
  const _id: Key = `load:${page}`
  if (from > 0) {
    const { matchedCount } = await collection.updateOne(
      { _id, 'load.revision': from },
      { $set: { load } },
    )
    return matchedCount > 0
  }
  try {
    await collection.insertOne({ _id, id: page, load })
    return true
  } catch (error) {
    if (isDuplicateKey(error)) return false
    throw error
  }
}

function loadOf({ holders, freedAt, calls }: StoredLoad): PageLoad {
  return {
    freedAt: freedAt.getTime(),
    holders: holders.map((holder) => ({ ...holder, until: holder.until.getTime() })),
    calls: new Map(Object.entries(calls).map(([quarter, n]) => [Number(quarter), n])),
  }
}

function storedLoad({ holders, freedAt, calls }: PageLoad): Omit<StoredLoad, 'revision'> {
  return {
    freedAt: new Date(freedAt),
    holders: holders.map((holder) => ({ ...holder, until: new Date(holder.until) })),
    calls: Object.fromEntries([...calls].map(([quarter, n]) => [String(quarter), n])),
  }
}
