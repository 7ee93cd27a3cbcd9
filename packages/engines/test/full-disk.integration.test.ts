import { Kafka, logLevel } from 'kafkajs'
import { MongoClient } from 'mongodb'
import { describe, expect, test } from 'vitest'
import {
  createTopics,
  type EngineProcess,
  startKafka,
  startMongodb,
  waitFor,
} from '../src/index.ts'
import { isNativePossible } from './native-possible.ts'

const disk = { megabytes: 64 }
const FIRST = { by: 'the first way that this machine allows', wish: { disk } }
const LIMIT = {
  by: 'a limit, where nobody may mount',
  wish: { how: 'native', disk: { ...disk, way: 'limit' } },
} as const
/** Where only Docker runs engines there is no process to be limited. */
const WAYS = (await isNativePossible()) ? [FIRST, LIMIT] : [FIRST]
/** Far more than fits into what a server may have left in its files. */
const WRITES_MAX = 20_000

type Write = (id: number) => Promise<unknown>

/** Writes one after another until one fails. @returns how many were acknowledged */
async function writeUntilFull(write: Write): Promise<number> {
  for (let id = 0; id < WRITES_MAX; id += 1) {
    const isDone = await write(id).then(
      () => true,
      () => false,
    )
    if (!isDone) return id
  }
  throw new Error('the disk does not get full')
}

/** Neither engine goes on without room: it ends, and serves again when it has some. */
async function comesBack(server: EngineProcess | undefined, write: Write): Promise<void> {
  const hasEnded = () => server?.pid() === null
  await waitFor(hasEnded, { timeoutMs: 90_000, describe: 'the server to end' })
  await server?.disk?.free()
  let id = WRITES_MAX
  const serves = async () => {
    // A container does not tell that it is about to end.
    await server?.start()
    id += 1
    await write(id)
    return true
  }
  await waitFor(serves, { timeoutMs: 60_000, describe: 'the server to take a write again' })
}

describe.each(WAYS)('a full disk, by $by', ({ wish }) => {
  test('ends MongoDB, which has everything it acknowledged when there is room again', async () => {
    await using mongodb = await startMongodb(wish)
    const [server] = mongodb.members
    const client = new MongoClient(mongodb.mongodbUri, { serverSelectionTimeoutMS: 2_000 })
    const writeConcern = { w: 'majority', j: true } as const
    const collection = client.db('full').collection<{ _id: number }>('c', { writeConcern })
    const write: Write = (_id) => collection.insertOne({ _id })
    await write(-1)
    await server?.disk?.fill()
    const acknowledged = await writeUntilFull(write)
    await comesBack(server, write)
    const found = await collection.countDocuments({ _id: { $gte: 0, $lt: acknowledged } })
    await client.close()
    expect(found).toBe(acknowledged)
  })

  test('ends a broker, which has everything it acknowledged when there is room again', async () => {
    await using kafka = await startKafka(wish)
    const [server] = kafka.brokers
    const brokers = [...kafka.kafkaBrokers]
    const client = new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } })
    const admin = client.admin()
    await admin.connect()
    await createTopics(admin, [{ topic: 'full', numPartitions: 1 }])
    await admin.disconnect()
    const write: Write = async (id) => {
      const producer = client.producer()
      await producer.connect()
      const messages = [{ value: `${id}`.padEnd(500) }]
      await producer
        .send({ topic: 'full', acks: -1, messages })
        .finally(() => producer.disconnect())
    }
    await write(-1)
    await server?.disk?.fill()
    const acknowledged = await writeUntilFull(write)
    await comesBack(server, write)
    const after = client.admin()
    await after.connect()
    const [offsets] = await after.fetchTopicOffsets('full')
    await after.disconnect()
    expect(Number(offsets?.high)).toBeGreaterThanOrEqual(1 + acknowledged + 1)
  })
})

test.each(WAYS.filter(() => WAYS.includes(LIMIT)))(
  'a server that is started while its disk is full, by $by, does not come up',
  async ({ wish }) => {
    await using mongodb = await startMongodb({ ...wish, how: 'native' })
    const [server] = mongodb.members
    await server?.kill()
    await server?.disk?.fill()
    await expect(server?.start()).rejects.toThrow('mongodb did not start')
    await server?.disk?.free()
    await server?.start()
    expect(await server?.state()).toBe('PRIMARY')
  },
)
