import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type MongodbEngine,
  type MongodbMember,
  primaryOf,
  startMongodb,
  waitFor,
} from '../src/index.ts'

const OUT_OF_DISK_SPACE = 14_031

let dataDir = ''
let mongodb: MongodbEngine
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'otn-set-'))
  mongodb = await startMongodb({ members: 3, dataDir })
})
afterAll(async () => {
  await mongodb.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Writes on a majority, as a client that knows the whole set. */
async function write(_id: number): Promise<void> {
  const client = new MongoClient(mongodb.mongodbUri)
  const options = { writeConcern: { w: 'majority', wtimeoutMS: 10_000 } } as const
  await client.db('set').collection<{ _id: number }>('c').insertOne({ _id }, options)
  await client.close()
}

async function written(): Promise<number[]> {
  const client = new MongoClient(mongodb.mongodbUri, { readConcernLevel: 'majority' })
  const found = await client.db('set').collection<{ _id: number }>('c').find().toArray()
  await client.close()
  return found.map(({ _id }) => _id).sort()
}

async function becomes(member: MongodbMember, state: string): Promise<void> {
  const isThere = async () => (await member.state()) === state
  await waitFor(isThere, { timeoutMs: 90_000, describe: `${member.name} to become ${state}` })
}

describe('a replica set of three', () => {
  test('has one primary, two that follow, and does not count on one of them alone', async () => {
    const states = await Promise.all(mongodb.members.map((member) => member.state()))
    expect(states.toSorted()).toEqual(['PRIMARY', 'SECONDARY', 'SECONDARY'])
    const [one, other] = mongodb.members.filter((_, index) => states[index] !== 'PRIMARY')
    await other?.pause()
    await write(0)
    await other?.resume()
    expect(await one?.command({ replSetGetConfig: 1 })).toMatchObject({
      config: { settings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 } },
    })
  })

  test('elects another primary where one steps down', async () => {
    const old = await primaryOf(mongodb.members)
    await old.stepDown(10)
    const next = await primaryOf(mongodb.members)
    expect(next.name).not.toBe(old.name)
    expect(await old.state()).toBe('SECONDARY')
    await old.command({ replSetFreeze: 0 })
    await write(1)
  })

  test('elects another primary where one is killed, and takes it back under its address', async () => {
    const old = await primaryOf(mongodb.members)
    const { address } = old
    await old.kill()
    expect([old.pid(), await old.state()]).toEqual([null, null])
    const next = await primaryOf(mongodb.members)
    await write(2)
    await old.start()
    expect([await old.state(), old.address]).toEqual(['SECONDARY', address])
    expect(await primaryOf(mongodb.members)).toBe(next)
  })

  test('elects another primary where one is frozen, which follows once it is thawed', async () => {
    const old = await primaryOf(mongodb.members)
    await old.pause()
    await primaryOf(mongodb.members.filter((member) => member !== old))
    await old.resume()
    await becomes(old, 'SECONDARY')
    await write(3)
  })

  test('fails as it is told to', async () => {
    const primary = await primaryOf(mongodb.members)
    await primary.command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['insert'], errorCode: OUT_OF_DISK_SPACE },
    })
    await expect(write(4)).rejects.toMatchObject({ code: OUT_OF_DISK_SPACE })
    await write(4)
  })

  test('keeps its documents over a restart on other ports, and takes no other size', async () => {
    const first = mongodb.mongodbUri
    await mongodb.stop()
    await expect(startMongodb({ dataDir })).rejects.toThrow('asked for were 1')
    mongodb = await startMongodb({ members: 3, dataDir })
    expect(mongodb.mongodbUri).not.toBe(first)
    expect(await written()).toEqual([0, 1, 2, 3, 4])
  })
})

describe('a replica set of one', () => {
  test('is primary again before its restart is called done, and takes no test commands', async () => {
    await using alone = await startMongodb()
    const [only] = alone.members
    await only?.kill()
    await only?.start()
    expect(await only?.state()).toBe('PRIMARY')
    const failing = { configureFailPoint: 'failCommand', mode: 'off' }
    await expect(only?.command(failing)).rejects.toThrow('configureFailPoint')
  })
})
