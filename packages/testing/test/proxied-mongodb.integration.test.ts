import { type MongodbMember, primaryOf } from '@otn/engines'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ProxiedMongodb, startProxiedMongodb, waitFor } from '../src/index.ts'

let proxied: ProxiedMongodb
beforeAll(async () => {
  proxied = await startProxiedMongodb()
})
afterAll(() => proxied.stop())

async function becomes(member: MongodbMember, state: string): Promise<void> {
  const isThere = async () => (await member.state()) === state
  await waitFor(isThere, { timeoutMs: 90_000, describe: `${member.name} to become ${state}` })
}

/** Inserts by the member's own proxy, and by nobody else's. */
async function insert(member: MongodbMember, _id: number, w: 1 | 'majority'): Promise<void> {
  const client = new MongoClient(`mongodb://${member.address}/?directConnection=true`)
  const options = { writeConcern: { w, wtimeoutMS: 10_000 } }
  await client
    .db('proxied')
    .collection<{ _id: number }>('c')
    .insertOne({ _id }, options)
    .finally(() => client.close())
}

async function idsOn(member: MongodbMember): Promise<number[]> {
  const found = await member.command({ replSetGetRBID: 1 })
  expect(found.ok).toBe(1)
  const client = new MongoClient(`mongodb://${member.behindProxy}/?directConnection=true`)
  const documents = await client.db('proxied').collection<{ _id: number }>('c').find().toArray()
  await client.close()
  return documents.map(({ _id }) => _id).sort()
}

describe('a replica set behind proxies', () => {
  test('is found by them, by clients and by its members', async () => {
    const client = await MongoClient.connect(proxied.mongodb.mongodbUri)
    const { hosts } = await client.db('admin').command({ hello: 1 })
    await client.close()
    expect(hosts).toEqual(proxied.proxies.map(({ address }) => address))
    expect(proxied.proxies.every((proxy) => proxy.connections() > 0)).toBe(true)
  })

  test('has two primaries while one is cut off, and takes back what that one alone had', async () => {
    const { members } = proxied.mongodb
    const old = await primaryOf(members)
    const others = members.filter((member) => member !== old)
    const before = await old.command({ replSetGetRBID: 1 })
    proxied.isolate(old)
    await insert(old, 1, 1)
    await others[0]?.command({ replSetStepUp: 1 })
    const next = await primaryOf(others)
    await insert(next, 2, 'majority')
    expect(await idsOn(old)).toEqual([1])
    expect(await idsOn(next)).toEqual([2])
    await becomes(old, 'SECONDARY')
    proxied.heal()
    const isBack = async () => (await idsOn(old).catch(() => [])).join() === '2'
    await waitFor(isBack, { timeoutMs: 60_000, describe: 'the old primary to roll back' })
    const after = await old.command({ replSetGetRBID: 1 })
    expect(Number(after.rbid)).toBeGreaterThan(Number(before.rbid))
  })
})
