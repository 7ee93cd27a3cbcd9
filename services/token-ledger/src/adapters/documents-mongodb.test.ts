import type { AnyBulkWriteOperation, Collection } from 'mongodb'
import { expect, test } from 'vitest'
import { documentsIn, type Stored } from './documents-mongodb.ts'

/** As much of a collection as a store of documents needs. */
class Rows {
  readonly rows = new Map<string, Stored>()

  find() {
    return { toArray: async () => [...this.rows.values()] }
  }

  async bulkWrite(operations: readonly AnyBulkWriteOperation<Stored>[]) {
    const counts = { insertedCount: 0, matchedCount: 0 }
    for (const operation of operations) {
      if ('insertOne' in operation) {
        const document = operation.insertOne.document as Stored
        this.rows.set(document._id, document)
        counts.insertedCount += 1
      } else if ('replaceOne' in operation) {
        const { _id, revision } = operation.replaceOne.filter as unknown as Stored
        if (this.rows.get(_id)?.revision !== revision) continue
        this.rows.set(_id, { ...(operation.replaceOne.replacement as Stored), _id })
        counts.matchedCount += 1
      }
    }
    return counts
  }
}

test('a document that came anew after the store was emptied is kept from who knew the old one', async () => {
  const rows = new Rows()
  const store = documentsIn<object>(rows as unknown as Collection<Stored>)
  const make = async (says: string) => {
    await store.save([{ id: 'a', revision: null, document: { says } }])
    const made = (await store.load(['a'])).get('a')
    if (made === undefined) throw new Error('it was made')
    return made
  }
  const { revision } = await make('before')
  rows.rows.clear()
  const anew = await make('anew')
  expect(await store.save([{ id: 'a', revision, document: { says: 'late' } }])).toBe(1)
  expect((await store.load(['a'])).get('a')).toEqual(anew)
  expect(await store.save([{ id: 'a', revision: anew.revision, document: { says: 'next' } }])).toBe(
    0,
  )
})
