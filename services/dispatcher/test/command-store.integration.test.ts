import { commandId, MINUTE_MS, type PageId, pageId, tokenId } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agendaIn } from '../src/adapters/agenda-mongodb.ts'
import { commandsIn } from '../src/adapters/commands-mongodb.ts'
import { connectMongodb, type MongodbConnection } from '../src/adapters/connect-mongodb.ts'
import { type Database, databaseIn, makeDatabase } from '../src/adapters/database.ts'
import { doubtsIn } from '../src/adapters/doubts-mongodb.ts'
import { inboxIn } from '../src/adapters/inbox-mongodb.ts'
import { documentId, evolve } from '../src/domain/command.ts'
import type { DoubtPlace, StoredDoubt } from '../src/doubt-ports.ts'
import {
  attempted,
  command,
  document,
  fact,
  inDoubt,
  NOW,
  PAGE,
  sent,
  T1,
} from './support/command-facts.ts'
import { commandStoreConforms } from './support/command-store.conformance.ts'

const LEASE_MS = 60_000
const scope = testScope()
let mongodb: MongodbConnection
let database: Database

beforeAll(async () => {
  const target = { uri: scope.mongodbUri, database: `${scope.database}_dispatcher` }
  mongodb = await connectMongodb({ ...target, timeoutMs: 5_000 })
  database = databaseIn(mongodb.db)
})

afterAll(async () => {
  await mongodb.db.dropDatabase()
  await mongodb.close()
})

commandStoreConforms('in MongoDB', async () => {
  await makeDatabase(database)
  return {
    inbox: inboxIn(database.commands),
    agendaOf: (worker) => agendaIn(database.commands, { leaseMs: LEASE_MS, worker }),
    commands: commandsIn(database.commands),
    // The store's clock cannot be turned: what it has written is turned back instead.
    pass: async (ms) => {
      const back = (field: string) => ({ $subtract: [`$${field}`, ms] })
      const set = { leaseUntil: back('leaseUntil'), unknownSince: back('unknownSince') }
      await database.commands.updateMany({}, [{ $set: set }])
    },
    empty: () => makeDatabase(database),
  }
})

test('no setting in the address of MongoDB lowers what is read, written or waited for', async () => {
  const careless = 'w=1&journal=false&readConcernLevel=local&readPreference=secondary'
  const { mongodbUri } = scope
  const joint = mongodbUri.includes('?') ? '&' : '/?'
  const uri = `${mongodbUri}${joint}${careless}&retryWrites=false`
  const lowered = await connectMongodb({ uri, database: scope.database, timeoutMs: 5_000 })
  const { writeConcern, readConcern, readPreference, client } = lowered.db
  await lowered.close()
  expect(writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 5_000 })
  expect([readConcern?.level, readPreference?.mode]).toEqual(['majority', 'primary'])
  expect(client.options.retryWrites).toBe(true)
})

describe('the collection', () => {
  test('holds instants as dates, and nothing but what is owed in the indexes of what is due', async () => {
    await makeDatabase(database)
    const fresh = document({ command: command({ requestedAt: NOW }) })
    await inboxIn(database.commands).record([{ document: fresh, leaseMs: 0, revision: 1 }])
    const raw = await mongodb.db.collection('commands').findOne()
    expect(raw).toMatchObject({
      command: { requestedAt: new Date(NOW) },
      ...{ state: 'open', owed: true, leaseUntil: expect.any(Date) },
    })
    const indexes = await mongodb.db.collection('commands').indexes()
    const shapes = indexes.map(({ name, unique, partialFilterExpression }) => [
      ...[name, unique ?? false, Object.keys(partialFilterExpression ?? {})],
    ])
    expect(shapes).toEqual([
      ['_id_', false, []],
      ['holds', true, ['holds']],
      ['due', false, ['owed']],
      ['give-up', false, ['owed']],
      ['in-doubt', false, ['state']],
      ['asked-person', false, ['asked']],
      ['asked-page', false, ['asked']],
      ['page-waits', false, ['owed']],
      ['under-way', false, ['underWay']],
      ['members', false, ['campaign']],
      ['due-by-campaign', false, ['owed']],
    ])
  })

  test('lists what is in doubt, oldest first, each once, a page at a time', async () => {
    await makeDatabase(database)
    const commands = commandsIn(database.commands)
    const record = async (id: string, minute: number, page = PAGE) => {
      const of = command({ commandId: commandId(id), pageId: page })
      const token = tokenId(id.padStart(32, '0'))
      const facts = [attempted(1, token), ...(minute < 0 ? [] : [inDoubt(1, token)])]
      const events = facts.map((draft) => fact(of, draft, NOW + minute * MINUTE_MS))
      const known = document({ command: events.reduce(evolve, of) })
      await commands.change(documentId(page, id), () => ({ document: known, leaseMs: 0 }))
    }
    await record('b', 2)
    await record('c', 1)
    await record('a', 2)
    await record('d', 0, pageId('2'))
    await record('under-way', -1)
    // Written by an older build, which kept no such instant.
    for (const id of ['e', 'f']) {
      await record(id, 3)
      await database.commands.updateOne({ _id: `1000:${id}` }, { $unset: { inDoubtAt: '' } })
    }
    const doubts = doubtsIn(database.commands)
    const seen = async (page: PageId | null) => {
      const ids: string[] = []
      for (let after: DoubtPlace | null = null; ; ) {
        const found: readonly StoredDoubt[] = await doubts.list({ page, after, limit: 2 })
        ids.push(...found.map(({ place }) => place.id))
        const last = found.at(-1)
        if (found.length < 2 || last === undefined) return ids
        after = last.place
      }
    }
    expect(await seen(null)).toEqual(['1000:e', '1000:f', '2:d', '1000:c', '1000:a', '1000:b'])
    expect(await seen(PAGE)).toEqual(['1000:e', '1000:f', '1000:c', '1000:a', '1000:b'])
    const [oldest] = await doubts.list({ page: pageId('2'), after: null, limit: 9 })
    expect(oldest).toMatchObject({ place: { since: NOW }, leaseUntil: expect.any(Number) })
    const query = { state: 'in-doubt' }
    const plan = await database.commands.find(query).sort({ inDoubtAt: 1, _id: 1 }).explain()
    expect(JSON.stringify(plan)).toContain('"indexName":"in-doubt"')
    expect(JSON.stringify(plan)).not.toContain('"stage":"SORT"')
  })

  test('gives a document of an older build what it does not have', async () => {
    await makeDatabase(database)
    const of = [attempted(1), sent(1)].reduce((so, draft) => evolve(so, fact(so, draft)), command())
    const commands = commandsIn(database.commands)
    const id = documentId(PAGE, 'c-1')
    await commands.change(id, () => ({ document: document({ command: of }), leaseMs: 0 }))
    const unset = { 'command.attempts.0.detail': '', 'command.final.settledBy': '' } as const
    await database.commands.updateOne({ _id: id }, { $unset: unset })
    expect((await commands.read(id))?.command).toEqual(of)
  })

  test('finds the holder of a token by its index', async () => {
    const client = await MongoClient.connect(scope.mongodbUri)
    const collection = client.db(`${scope.database}_dispatcher`).collection('commands')
    const plan = await collection.find({ holds: T1 }).explain()
    expect(JSON.stringify(plan)).toContain('"indexName":"holds"')
    await client.close()
  })
})
