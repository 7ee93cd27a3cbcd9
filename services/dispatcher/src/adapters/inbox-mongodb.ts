import { randomUUID } from 'node:crypto'
import { appError } from '@otn/kernel'
import { firstRevision } from '@otn/runtime'
import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb'
import { idOf, isCommandOf, type NewCommand } from '../domain/document.ts'
import type { Inbox, Recorded } from '../inbox-ports.ts'
import { type CommandRecord, clockFields, literalFields } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'
import { DUPLICATE_KEY } from './write-group.ts'

/** C0 in MongoDB: one unordered bulk of upserts that leave alone what is there. */
export function inboxIn(collection: Collection<CommandRecord>): Inbox {
  return {
    record: async (commands) => {
      if (commands.length === 0) return []
      const writer = randomUUID()
      const first = new Map<string, NewCommand>()
      for (const command of commands) {
        const id = idOf(command.document)
        if (!first.has(id)) first.set(id, command)
      }
      const inserts = [...first].map(([id, command]) => insert(id, command, writer))
      await reaching(collection.bulkWrite(inserts, { ordered: false }).catch(ignoreDuplicates))
      const stored = await digestsOf(collection, [...first.keys()])
      return commands.map((command) => recordedAs(command, { first, stored, writer }))
    },
    firstRevision,
  }
}

function insert(
  id: string,
  { document, leaseMs, revision }: NewCommand,
  writer: string,
): AnyBulkWriteOperation<CommandRecord> {
  const fields = { ...literalFields(document), ...clockFields({ document, leaseMs }) }
  const made = Object.entries({ ...fields, revision, writer }).map(([name, value]) => [
    name,
    // What is there stays: the first command of an id is the command of that id.
    { $cond: [{ $gt: ['$revision', 0] }, `$${name}`, value] },
  ])
  const update = [{ $set: Object.fromEntries(made) }]
  return { updateOne: { filter: { _id: id }, update, upsert: true } }
}

interface Found {
  readonly first: ReadonlyMap<string, NewCommand>
  readonly stored: ReadonlyMap<string, { readonly digest: string; readonly writer: string }>
  readonly writer: string
}

function recordedAs(command: NewCommand, { first, stored, writer }: Found): Recorded {
  const id = idOf(command.document)
  const found = stored.get(id)
  if (!found || !isCommandOf(found, command.document.command.digest)) return 'other'
  return found.writer === writer && first.get(id) === command ? 'recorded' : 'known'
}

async function digestsOf(
  collection: Collection<CommandRecord>,
  ids: readonly string[],
): Promise<Found['stored']> {
  // On a majority: the Kafka offset is committed upon this answer.
  const readConcern = { level: 'majority' } as const
  const options = { projection: { digest: 1, writer: 1 }, readConcern } as const
  const found = await reaching(collection.find({ _id: { $in: [...ids] } }, options).toArray())
  if (found.length < ids.length) {
    const message = 'commands that were recorded are not on a majority yet'
    throw appError('OTN_STORE_UNREACHABLE', { message })
  }
  return new Map(found.map(({ _id, digest, writer }) => [_id, { digest, writer }]))
}

/** Two writers may insert one id at the same time: the second one finds it there. */
function ignoreDuplicates(error: unknown): void {
  if (error instanceof MongoBulkWriteError) {
    const errors = [error.writeErrors].flat()
    const hasOthers = errors.some(({ code }) => code !== DUPLICATE_KEY)
    if (errors.length > 0 && !hasOthers && !error.result.getWriteConcernError()) return
  }
  throw error
}
