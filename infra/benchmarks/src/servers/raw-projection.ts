/**
 * The bare parts of a projection: a consumer of kafkajs that looks into no record, and for each one
 * operations that were prepared beforehand. `bulk` writes those of a batch at once, `one by one` is
 * the naive form, which awaits an `updateOne` of the token for each record.
 */
import type { AnyBulkWriteOperation, Collection } from 'mongodb'
import {
  likeThose,
  type RawStore,
  rawCollections,
  type StoredDocument,
} from '../baselines/raw-collection.ts'
import { makeTopic, type RawTopic, rawConsumer } from '../baselines/raw-kafka.ts'
import { readTemplates } from '../baselines/templates-file.ts'
import { answerQuestions } from '../measure/worker.ts'

export type RawProjectionQuestion =
  | (RawTopic &
      RawStore & {
        readonly kind: 'open'
        readonly form: 'bulk' | 'one by one'
        /** Of tokens and persons. */
        readonly file: string
      })
  /** Makes the operations of the next records. */
  | { readonly kind: 'prepare'; readonly count: number }
  /** Resolves when so many records are written. */
  | { readonly kind: 'project'; readonly count: number }

type Opening = Extract<RawProjectionQuestion, { kind: 'open' }>

interface Target {
  readonly collection: Collection<StoredDocument>
  documents: readonly StoredDocument[]
  readonly fresh: (count: number) => readonly StoredDocument[]
}

const PARTITIONS_AT_A_TIME = 4
const targets: Target[] = []
let taken = 0
let written = 0
let awaited: { readonly count: number; readonly resolve: () => void } | undefined

async function answer(question: RawProjectionQuestion): Promise<void> {
  switch (question.kind) {
    case 'open':
      return await open(question)
    case 'prepare':
      ;[taken, written] = [0, 0]
      for (const target of targets) target.documents = target.fresh(question.count)
      return
    case 'project':
      return await new Promise((resolve) => {
        awaited = { count: question.count, resolve }
        tellIfDone()
      })
  }
}

async function open({ form, file, ...where }: Opening): Promise<void> {
  const templates = readTemplates(file)
  const collections = await rawCollections(where, templates)
  for (const [name, template] of Object.entries(templates)) {
    const collection = collections[name]
    if (collection === undefined) continue
    const fresh = (count: number) => likeThose(template, count)
    targets.push({ collection, documents: [], fresh })
  }
  await makeTopic(where)
  const consumer = await rawConsumer(where)
  if (form === 'one by one') {
    await consumer.run({ eachMessage: async () => wrote(await updateOne(next(1))) })
    return
  }
  await consumer.run({
    eachBatchAutoResolve: false,
    autoCommit: false,
    partitionsConsumedConcurrently: PARTITIONS_AT_A_TIME,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      const { topic, partition, messages } = batch
      await insertAll(next(messages.length))
      resolveOffset(batch.lastOffset())
      const offset = String(BigInt(batch.lastOffset()) + 1n)
      await consumer.commitOffsets([{ topic, partition, offset }])
      await heartbeat()
      wrote(messages.length)
    },
  })
}

interface Share {
  readonly from: number
  readonly to: number
}

function next(count: number): Share {
  taken += count
  return { from: taken - count, to: taken }
}

async function insertAll({ from, to }: Share): Promise<void> {
  const writes = targets.map(({ collection, documents }) => {
    const operations = documents
      .slice(from, to)
      .map((document): AnyBulkWriteOperation<StoredDocument> => ({ insertOne: { document } }))
    return collection.bulkWrite(operations, { ordered: false })
  })
  await Promise.all(writes)
}

async function updateOne({ from }: Share): Promise<number> {
  const [{ collection, documents } = { collection: null, documents: [] }] = targets
  const { _id, ...fields } = documents[from] ?? { _id: '' }
  await collection?.updateOne({ _id }, { $set: fields }, { upsert: true })
  return 1
}

function wrote(count: number): void {
  written += count
  tellIfDone()
}

function tellIfDone(): void {
  if (awaited === undefined || written < awaited.count) return
  awaited.resolve()
  awaited = undefined
}

answerQuestions((question) => answer(question as RawProjectionQuestion))
