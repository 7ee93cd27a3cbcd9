import { type MongodbMember, primaryOf } from '@otn/engines'
import { type ProxiedMongodb, startProxiedMongodb } from '@otn/testing'
import type { Collection } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectMongodb, type MongodbConnection } from '../src/adapters/connect-mongodb.ts'
import { documentsIn, type Stored } from '../src/adapters/documents-mongodb.ts'

let proxied: ProxiedMongodb
let old: MongodbMember
let connection: MongodbConnection
beforeAll(async () => {
  proxied = await startProxiedMongodb()
  old = await primaryOf(proxied.mongodb.members)
  const uri = `mongodb://${old.address}/?directConnection=true`
  connection = await connectMongodb({ uri, database: 'reads', timeoutMs: 5_000 })
})
afterAll(async () => {
  await connection.close()
  await proxied.stop()
})

test('a fold takes nothing for folded that may be rolled back: its cursor would go on', async () => {
  const { db } = connection
  const collection: Collection<Stored> = db.collection('tokens')
  const documents = documentsIn<{ taps: number }>(collection)
  const revisions = async (view?: 'newest') =>
    [...(await documents.load(['t'], view)).values()].map(({ revision }) => revision)
  await documents.save([{ id: 't', revision: null, document: { taps: 0 } }])
  const first = (await revisions())[0] ?? 0
  proxied.isolate(old)
  const alone = db.client.db('reads', { writeConcern: { w: 1 } }).collection<Stored>('tokens')
  const unsafe = documentsIn<{ taps: number }>(alone)
  expect(await unsafe.save([{ id: 't', revision: first, document: { taps: 1 } }])).toBe(0)
  expect(await revisions()).toEqual([first])
  // An answer is made after its cursors were read, and must not be behind them.
  expect(await revisions('newest')).toEqual([first + 1])
})
