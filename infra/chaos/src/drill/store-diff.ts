/** What two readings of the services' databases disagree about, for who looks for the cause. */
import { BSON, type Document, MongoClient } from 'mongodb'

/** Every document by where it stands, each field as text. */
export type Snapshot = ReadonlyMap<string, Readonly<Record<string, string>>>

const SHOWN_MAX = 5
/** What no digest covers, and what each rebuild makes anew. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  ...['revision', 'writer', 'generation', 'generationId', 'content', 'waits', 'worker', 'deaths'],
  ...['leaseUntil', 'taker', 'takenAt', 'unknownSince', 'dueAt'],
])

export async function snapshotOf(uri: string, databases: readonly string[]): Promise<Snapshot> {
  await using client = await MongoClient.connect(uri)
  const documents = new Map<string, Readonly<Record<string, string>>>()
  for (const name of databases) {
    const database = client.db(name)
    for (const { name: collection } of await database.listCollections().toArray()) {
      for await (const document of database.collection(collection).find()) {
        documents.set(`${name}.${collection} ${String(document._id)}`, fieldsOf(document))
      }
    }
  }
  return documents
}

/** A few documents that differ in more than bookkeeping, with the names of the fields. */
export function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const places = new Set([...before.keys(), ...after.keys()])
  const differing = [...places].flatMap((place) => {
    const [old, young] = [before.get(place), after.get(place)]
    if (old === undefined || young === undefined) return [`${place}: ${old ? 'gone' : 'new'}`]
    const names = new Set([...Object.keys(old), ...Object.keys(young)])
    const isOther = (name: string) => old[name] !== young[name] && !BOOKKEEPING.has(name)
    const other = [...names].filter(isOther)
    return other.length === 0 ? [] : [`${place}: ${other.join(', ')}`]
  })
  return differing.slice(0, SHOWN_MAX)
}

function fieldsOf(document: Document): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, BSON.EJSON.stringify({ value })]),
  )
}
