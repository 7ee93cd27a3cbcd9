import type { Collection, Filter } from 'mongodb'
import type { DoubtPlace, Doubts } from '../doubt-ports.ts'
import { type CommandRecord, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

/** Verdicts in doubt in MongoDB, by the index that holds nothing else. */
export function doubtsIn(collection: Collection<CommandRecord>): Doubts {
  return {
    list: async ({ page, after, limit }) => {
      const ofPage = page === null ? {} : { pageId: page }
      const filter: Filter<CommandRecord> = { state: 'in-doubt', ...ofPage, ...behind(after) }
      const found = collection.find(filter).sort({ inDoubtAt: 1, _id: 1 }).limit(limit)
      const records = await reaching(found.toArray())
      return records.map((record) => ({
        document: storedCommand(record),
        place: { since: record.inDoubtAt?.getTime() ?? null, id: record._id },
        leaseUntil: record.leaseUntil.getTime(),
      }))
    },
  }
}

function behind(after: DoubtPlace | null): Filter<CommandRecord> {
  if (after === null) return {}
  const { since, id } = after
  const inDoubtAt = since === null ? null : new Date(since)
  const later = inDoubtAt === null ? { $ne: null } : { $gt: inDoubtAt }
  return { $or: [{ inDoubtAt: later }, { inDoubtAt, _id: { $gt: id } }] }
}
