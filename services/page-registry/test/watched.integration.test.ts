/** What is seen of pages is written by the watch and by requests, at the same time. */
import { pageId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { type Db, MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type WatchDocument, watchedIn } from '../src/adapters/watched-mongodb.ts'
import { neverWatched } from '../src/domain/watch-state.ts'

const PAGE = pageId('1000')
const { mongodbUri, database } = testScope()
let client: MongoClient
let db: Db

beforeAll(async () => {
  client = await MongoClient.connect(mongodbUri)
  db = client.db(database)
})

afterAll(async () => {
  await db?.dropDatabase()
  await client?.close()
})

test('[S1-43] of two that read the same, one writes, the first time and later', async () => {
  const watched = watchedIn(db.collection<WatchDocument>('watched'))
  for (const round of [1, 2]) {
    const { revision } = await watched.read(PAGE)
    const both = [1, 2].map((writer) =>
      watched.save(PAGE, { state: { ...neverWatched, lastGoodAt: round * writer }, revision }),
    )
    const ends = await Promise.allSettled(both)
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const lost = ends.find(({ status }) => status === 'rejected')
    expect(lost).toMatchObject({ reason: { code: 'OTN_STORE_CONFLICT' } })
    const won = ends.find(({ status }) => status === 'fulfilled')
    expect(won).toMatchObject({ value: await watched.read(PAGE) })
  }
})

test('what an earlier version wrote is read, and written with a revision from then on', async () => {
  const old = pageId('2000')
  const collection = db.collection<WatchDocument>('watched')
  await collection.insertOne({ _id: old, state: { lastGoodAt: new Date(7), alarms: [] } })
  const watched = watchedIn(collection)
  const before = await watched.read(old)
  expect(before).toEqual({ state: { ...neverWatched, lastGoodAt: 7 }, revision: 0 })
  await watched.save(old, before)
  await expect(watched.save(old, before)).rejects.toThrow(/changed/)
  expect(await watched.read(old)).toEqual({ ...before, revision: 1 })
})
