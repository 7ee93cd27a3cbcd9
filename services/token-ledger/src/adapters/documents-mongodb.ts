import { firstRevision } from '@otn/runtime'
import { type AnyBulkWriteOperation, type Collection, MongoBulkWriteError } from 'mongodb'
import type { Change, DocumentStore, Versioned } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson, toBson } from './document-bson.ts'

/** Every document carries a revision: a write takes only where it still is what was read. */
export interface Stored {
  readonly _id: string
  readonly revision: number
  readonly [field: string]: unknown
}

/** Stands in each collection from its creation: whoever empties the collection takes it along. */
export const MARKER = '!'

const DUPLICATE_KEY = 11_000

/**
 * @param viewOf fields computed from the document that queries search by; stored, never read back
 */
export function documentsIn<T extends object>(
  collection: Collection<Stored>,
  viewOf: (document: T) => object | null = () => null,
): DocumentStore<T> {
  return {
    load: async (ids, view = 'lasting') => {
      const readConcern = view === 'lasting' ? 'majority' : 'local'
      const cursor = collection.find({ _id: { $in: [...ids] } }, { readConcern })
      const found = await reaching(cursor.toArray())
      return new Map(found.map((stored) => [stored._id, versioned<T>(stored)]))
    },
    save: async (changes) => {
      const operations = changes.map((change) => operationOf(change, viewOf(change.document)))
      const written = await reaching(write(collection, operations))
      return changes.length - written
    },
  }
}

function versioned<T>({ _id, revision, view, ...parts }: Stored): Versioned<T> {
  return { revision, document: fromBson<T>(parts) }
}

function operationOf<T extends object>(
  { id: _id, document, revision }: Change<T>,
  view: object | null,
): AnyBulkWriteOperation<Stored> {
  const parts = { ...(view === null ? {} : { view: toBson(view) }), ...toBson(document) }
  if (revision === null) {
    return { insertOne: { document: { _id, revision: firstRevision(), ...parts } } }
  }
  const replacement = { revision: revision + 1, ...parts }
  return { replaceOne: { filter: { _id, revision }, replacement } }
}

/** Unordered, so that one conflict does not hold up the others. @returns how many took */
async function write(
  collection: Collection<Stored>,
  operations: AnyBulkWriteOperation<Stored>[],
): Promise<number> {
  try {
    const { insertedCount, matchedCount } = await collection.bulkWrite(operations, {
      ordered: false,
    })
    return insertedCount + matchedCount
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || !onlyDuplicates(error)) throw error
    return error.insertedCount + error.matchedCount
  }
}

function onlyDuplicates({ writeErrors, result }: MongoBulkWriteError): boolean {
  const errors = Array.isArray(writeErrors) ? writeErrors : [writeErrors]
  const isUnconfirmed = result.getWriteConcernError() !== undefined
  return !isUnconfirmed && errors.every(({ code }) => code === DUPLICATE_KEY)
}
