import { isAppError } from '@otn/kernel'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectMongodb, type MongodbConnection } from '../src/adapters/connect-mongodb.ts'
import { type Database, databaseIn } from '../src/adapters/database.ts'
import { type Generations, generationsIn } from '../src/adapters/generation-mongodb.ts'
import { type Preparation, prepareStore } from '../src/adapters/prepare-store.ts'
import { PAGE } from './support/command-facts.ts'

const scope = testScope()
let mongodb: MongodbConnection
let database: Database

beforeAll(async () => {
  const target = { uri: scope.mongodbUri, database: `${scope.database}_prepared` }
  mongodb = await connectMongodb({ ...target, timeoutMs: 5_000 })
  database = databaseIn(mongodb.db)
})

beforeEach(() => mongodb.db.dropDatabase())

afterAll(async () => {
  await mongodb.db.dropDatabase()
  await mongodb.close()
})

const preparation = (differing: Partial<Preparation> = {}): Preparation => ({
  database,
  generations: generationsIn(database.state),
  deployment: { clusterId: 'cluster', pepperCheck: 'pepper' },
  databaseName: 'prepared',
  outwaitOthers: async () => {},
  ...differing,
})

/** The first one's lease is over, and another process rebuilds the whole of it. */
async function anotherRebuilds(): Promise<string> {
  await database.state.updateOne({ _id: 'rebuild' }, { $set: { leaseUntil: new Date(0) } })
  const prepared = await prepareStore(preparation())
  if (!('rebuild' in prepared)) throw new Error('there is a generation already')
  await database.cursors.insertOne({ _id: 'folded', pageId: PAGE } as never)
  return (await prepared.rebuild.finish()).id
}

const folded = () => database.cursors.countDocuments()

/** The same, but something happens after its nth renewal, before the answer arrives. */
function lateRenewal(nth: number, meanwhile: () => Promise<unknown>): Generations {
  const generations = generationsIn(database.state)
  let renewals = 0
  const renew = async (permit: string) => {
    const isRenewed = await generations.renew(permit)
    renewals += 1
    if (renewals === nth) await meanwhile()
    return isRenewed
  }
  return { ...generations, renew }
}

describe('a process that stood still for longer than its leave to rebuild', () => {
  test("[S0-22] leaves another one's work alone, and goes on with it", async () => {
    let others = ''
    const outwaitOthers = async () => {
      others = await anotherRebuilds()
    }
    const prepared = await prepareStore(preparation({ outwaitOthers }))
    expect(prepared).toMatchObject({ generation: { id: others } })
    expect(await folded()).toBe(1)
  })

  test("[S0-22] lets nobody go on with what it emptied of another one's", async () => {
    let others = ''
    const generations = lateRenewal(1, async () => {
      others = await anotherRebuilds()
    })
    const prepared = await prepareStore(preparation({ generations }))
    expect(await folded()).toBe(0)
    await expect(generations.require(others)).rejects.toSatisfy((error) =>
      isAppError(error, 'OTN_STORE_GENERATION_LOST'),
    )
    if (!('rebuild' in prepared)) throw new Error('it took the emptied database for whole')
    const { id } = await prepared.rebuild.finish()
    await generations.require(id)
  })

  test('[S0-22] does not declare whole what another one has begun anew', async () => {
    const first = await prepareStore(preparation())
    if (!('rebuild' in first)) throw new Error('there is a generation already')
    const others = await anotherRebuilds()
    await expect(first.rebuild.finish()).rejects.toThrow('took longer than its lease')
    expect((await generationsIn(database.state).read())?.id).toBe(others)
  })
})
