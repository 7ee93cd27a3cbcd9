import { firstRevision } from '@otn/runtime'
import { type Collection, MongoServerError } from 'mongodb'
import type { StoredCommand } from '../domain/document.ts'
import type { Commands } from '../ports.ts'
import { changeCommand, type DocumentAccess, settleCommand } from './change-command.ts'
import { type CommandRecord, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'
import { DUPLICATE_KEY, writeGroups } from './write-group.ts'

/** Documents of one batch that a fold is changing at a time. */
const CONCURRENT_CHANGES = 32

/** The documents of commands in MongoDB: each change is one guarded update of one document. */
export function commandsIn(collection: Collection<CommandRecord>): Commands {
  const write = writeGroups(collection)
  const access: DocumentAccess = {
    read: (id) => readOne(collection, { _id: id }),
    write: (id, step, change) => write({ id, step, change }),
    firstRevision,
  }
  return {
    read: access.read,
    change: (known, decide) => changeCommand(access, known, decide),
    settle: (known, decide) => settleCommand(access, known, decide),
    changeAll: async (ids, decide) => {
      const known = await readAll(collection, ids)
      const rest = [...new Set(ids)].filter((id) => decide(id, known.get(id) ?? null) !== null)
      const work = rest.values()
      const changeSome = async () => {
        for (const id of work) {
          const start = known.get(id) ?? id
          await settleCommand(access, start, (document) => decide(id, document))
        }
      }
      await Promise.all(Array.from({ length: CONCURRENT_CHANGES }, changeSome))
    },
    holderOf: (token) => readOne(collection, { holds: token }),
  }
}

/** Whether a unique index refused a write. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY
}

async function readOne(
  collection: Collection<CommandRecord>,
  filter: Partial<CommandRecord>,
): Promise<StoredCommand | null> {
  const record = await reaching(collection.findOne(filter))
  return record && storedCommand(record)
}

async function readAll(
  collection: Collection<CommandRecord>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredCommand>> {
  const records = await reaching(collection.find({ _id: { $in: [...ids] } }).toArray())
  return new Map(records.map((record) => [record._id, storedCommand(record)]))
}
