/**
 * The hops that something takes on its way through the system, each alone and bare: a record from
 * its producer to a consumer, a document from a write that a majority has to whoever watches.
 */
import { MongoClient } from 'mongodb'
import { awaitById } from '../baselines/await-by-id.ts'
import { makeTopic, rawAppender, rawConsumer, rawProducer } from '../baselines/raw-kafka.ts'
import { type Arrivals, type Latency, openLoop } from '../measure/open-loop.ts'
import { answerQuestions } from '../measure/worker.ts'

export type BareHopsQuestion =
  | {
      readonly kind: 'open'
      readonly brokers: readonly string[]
      readonly topic: string
      readonly mongodbUri: string
      readonly database: string
      /** Of a record and of a document. */
      readonly bytes: number
    }
  | { readonly kind: Hop; readonly arrivals: Arrivals }

/** `write`: until a majority has it, nobody watches. */
export type Hop = 'produce and consume' | 'write' | 'write and watch'

type Call = (id: string) => Promise<unknown>

let hops: Readonly<Record<Hop, Call>> | undefined
let calls = 0

async function answer(question: BareHopsQuestion): Promise<Latency | undefined> {
  if (question.kind === 'open') {
    hops = await open(question)
    return undefined
  }
  if (hops === undefined) throw new Error('nothing was opened')
  const call = hops[question.kind]
  return await openLoop(question.arrivals, () => {
    calls += 1
    return call(String(calls))
  })
}

type Opening = Extract<BareHopsQuestion, { kind: 'open' }>

async function open(question: Opening): Promise<Readonly<Record<Hop, Call>>> {
  return { 'produce and consume': await kafkaHop(question), ...(await storeHops(question)) }
}

async function kafkaHop({ brokers, topic, bytes }: Opening): Promise<Call> {
  await makeTopic({ brokers, topic })
  const append = rawAppender(await rawProducer(brokers), topic)
  const consumed = awaitById()
  const consumer = await rawConsumer({ brokers, topic })
  await consumer.run({ eachMessage: async ({ message }) => consumed.seen(String(message.key)) })
  const value = Buffer.alloc(bytes, 'x')
  return (id) => Promise.all([consumed.of(id), append([{ key: id, value }])])
}

async function storeHops({ mongodbUri, database, bytes }: Opening) {
  const client = await new MongoClient(mongodbUri).connect()
  const db = client.db(database, { writeConcern: { w: 'majority', journal: true } })
  const written = db.collection<{ _id: string; text: string }>('written')
  const watched = db.collection<{ _id: string; text: string }>('watched')
  const appeared = awaitById()
  const stream = watched.watch()
  stream.on('change', (change) => {
    if (change.operationType === 'insert') appeared.seen(change.documentKey._id)
  })
  const text = 'x'.repeat(bytes)
  await watched.insertOne({ _id: 'first', text })
  return {
    write: (id: string) => written.insertOne({ _id: id, text }),
    'write and watch': (id: string) =>
      Promise.all([appeared.of(id), watched.insertOne({ _id: id, text })]),
  }
}

answerQuestions((question) => answer(question as BareHopsQuestion))
