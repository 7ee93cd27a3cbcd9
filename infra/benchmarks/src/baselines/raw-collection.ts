/** Collections of a baseline: with the indexes of the service's own, and the same promises. */
import { randomBytes } from 'node:crypto'
import { type Collection, type Document, type IndexDescription, MongoClient } from 'mongodb'
import type { Template } from '../ground/look-into-store.ts'

export interface StoredDocument extends Document {
  readonly _id: string
}

export interface RawStore {
  readonly mongodbUri: string
  readonly database: string
}

export async function rawCollections<Name extends string>(
  { mongodbUri, database }: RawStore,
  templates: Readonly<Record<Name, Template>>,
): Promise<Readonly<Record<Name, Collection<StoredDocument>>>> {
  const client = await new MongoClient(mongodbUri, { retryWrites: true }).connect()
  const db = client.db(database, { writeConcern: { w: 'majority', journal: true } })
  const made = Object.entries<Template>(templates).map(async ([name, { indexes }]) => {
    const collection = db.collection<StoredDocument>(name)
    // Unique ones rest on values that a copied document repeats.
    const plain = indexes.map(({ unique: _, ...index }) => index as IndexDescription)
    if (plain.length > 0) await collection.createIndexes([...plain])
    return [name, collection] as const
  })
  return Object.fromEntries(await Promise.all(made)) as Record<Name, Collection<StoredDocument>>
}

/** So many documents like those, each under an id of its own that is as long. */
export function likeThose({ documents }: Template, count: number): readonly StoredDocument[] {
  return Array.from({ length: count }, (_, index) => {
    const { _id, ...rest } = documents[index % documents.length] ?? {}
    const { length } = String(_id)
    const id = randomBytes(Math.ceil(length / 2))
      .toString('hex')
      .slice(0, length)
    return { _id: id, ...rest }
  })
}
