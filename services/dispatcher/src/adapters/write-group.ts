/**
 * Group commit: changes that are asked for at the same time travel in one bulk and wait for one
 * majority together. Each is still one guarded update of one document with a fate of its own.
 */
import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'
import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb'
import type { Change } from '../domain/document.ts'
import type { RevisionStep, Written } from './change-command.ts'
import { coalesce } from './coalesce.ts'
import { type CommandRecord, clockFields, literalFields } from './command-bson.ts'
import { reaching, storeError } from './connect-mongodb.ts'

/** MongoDB's code for a value that a unique index has already. */
export const DUPLICATE_KEY = 11000
const GROUP_MAX = 100
const GROUPS_AT_A_TIME = 4
/** For how long a group that was not answered is offered again. */
const PATIENCE_MS = 5_000
const AGAIN_MS = 100
/** As named in `database.ts`; what follows the brace is a value, which anybody may have chosen. */
const HOLDS_INDEX = /^[^{]* index: holds /

export interface Write {
  readonly id: string
  readonly step: RevisionStep
  readonly change: Change
}

export function writeGroups(
  collection: Collection<CommandRecord>,
): (write: Write) => Promise<Written> {
  const limits = { sizeMax: GROUP_MAX, callsMax: GROUPS_AT_A_TIME }
  return coalesce<Write, Written>((writes) => writeGroup(collection, writes), limits)
}

/**
 * A group that was not answered is written again under the same marks: what had been applied does
 * not match any more, and what arrives late finds another revision.
 */
async function writeGroup(
  collection: Collection<CommandRecord>,
  writes: readonly Write[],
): Promise<readonly Written[]> {
  const marked = writes.map((write) => ({ ...write, writer: randomUUID() }))
  const operations = marked.map(operation)
  const { done, refused } = await patiently(() => writeOnce(collection, operations))
  if (done === writes.length) return writes.map(() => 'written')
  const applied = await patiently(() => appliedOf(collection, marked))
  return marked.map(({ writer }, index) => {
    if (applied.has(writer)) return 'written'
    return refused.get(index) ?? 'changed-meanwhile'
  })
}

interface Answer {
  readonly done: number
  /** By place in the group: what a unique index refused. */
  readonly refused: ReadonlyMap<number, Written>
}

async function writeOnce(
  collection: Collection<CommandRecord>,
  operations: readonly AnyBulkWriteOperation<CommandRecord>[],
): Promise<Answer> {
  try {
    const result = await collection.bulkWrite([...operations], { ordered: false })
    return { done: result.matchedCount + result.upsertedCount, refused: new Map() }
  } catch (error) {
    const refused = duplicates(error)
    if (refused === null) throw storeError(error)
    return { done: 0, refused }
  }
}

/** A write with a mark of its own, for where the answer does not tell what became of it. */
interface MarkedWrite extends Write {
  readonly writer: string
}

function operation(write: MarkedWrite): AnyBulkWriteOperation<CommandRecord> {
  const { id, step, change, writer } = write
  const fields = { ...literalFields(change.document), ...clockFields(change) }
  const update = [{ $set: { ...fields, revision: step.to, writer } }]
  const filter = { _id: id, revision: step.from }
  return { updateOne: { filter, update, upsert: step.from === 0 } }
}

/**
 * The marks that a majority has: what may still be lost does not count as written. The answer to
 * the group was given once a majority had everything before it, so nothing applied is missed.
 */
async function appliedOf(
  collection: Collection<CommandRecord>,
  writes: readonly MarkedWrite[],
): Promise<ReadonlySet<string>> {
  const ids = writes.map(({ id }) => id)
  const options = {
    projection: { writer: 1 },
    readConcern: { level: 'majority' },
    maxTimeMS: PATIENCE_MS,
  } as const
  const found = await reaching(collection.find({ _id: { $in: ids } }, options).toArray())
  return new Set(found.map(({ writer }) => writer))
}

/** What cut one call off may cut the next: a fate left unknown costs its command a whole lease. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const isOver = performance.now() + AGAIN_MS > untilMs
      if (isOver || !isAppError(error, 'OTN_STORE_UNREACHABLE')) throw error
      await delay(AGAIN_MS)
    }
  }
}

/** Which writes of an answered group a unique index refused; null = the group was not answered. */
function duplicates(error: unknown): ReadonlyMap<number, Written> | null {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) return null
  const errors = [error.writeErrors].flat()
  if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) return null
  return new Map(
    errors.map(({ index, errmsg }) => [
      index,
      HOLDS_INDEX.test(errmsg ?? '') ? 'token-taken' : 'changed-meanwhile',
    ]),
  )
}
