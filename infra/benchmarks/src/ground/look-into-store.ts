/**
 * Looks from outside how far a service is. Its own API would say so too, and cost it CPU time while
 * that is measured.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Db, type Document, MongoClient } from 'mongodb'

const LOOK_EVERY_MS = 20
const PATIENCE_MS = 300_000
/** Stands in each collection of the ledger from its creation. */
const MARKER = '!'

export interface Store extends AsyncDisposable {
  db(name: string): Db
}

export async function openStore(mongodbUri: string): Promise<Store> {
  const client = await new MongoClient(mongodbUri).connect()
  return {
    db: (name) => client.db(name),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** How many records of a Kafka topic its cursors have passed, over all partitions. */
export async function passed(db: Db, cursors: string, kafkaTopic: string): Promise<number> {
  const ids = Array.from({ length: 12 }, (_, partition) => `${kafkaTopic}/${partition}`)
  const found = await db
    .collection<{ _id: string; next: unknown }>(cursors)
    .find({ _id: { $in: ids } })
    .toArray()
  return found.reduce((sum, { next }) => sum + Number(next), 0)
}

/** The newest of the collections that carry a version in their name. */
export async function newestOf(db: Db, kind: string): Promise<string> {
  const all = await db.listCollections({}, { nameOnly: true }).toArray()
  const versions = all.map(({ name }) => Number(new RegExp(`^${kind}_v(\\d+)$`).exec(name)?.[1]))
  return `${kind}_v${Math.max(...versions.filter((version) => version >= 0))}`
}

/** @throws Error where it does not come true for minutes */
export async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`waited in vain: ${what}`)
    await delay(LOOK_EVERY_MS)
  }
}

export interface Template {
  readonly documents: readonly Document[]
  readonly indexes: readonly Document[]
}

/** Documents as a service wrote them, with their indexes, for baselines that write such. */
export async function templateOf(db: Db, collection: string, limit: number): Promise<Template> {
  const source = db.collection<{ _id: string }>(collection)
  const documents = await source.find({ _id: { $ne: MARKER } }, { limit }).toArray()
  const indexes = (await source.indexes()).flatMap(({ v: _, name, ...index }) =>
    name === '_id_' ? [] : [{ name, ...index }],
  )
  return { documents, indexes }
}
