import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopics, type Engines, startEngines } from '../src/index.ts'

const SCHEMA = JSON.stringify({ schema: '{"type":"record","name":"R","fields":[]}' })

let dataDir = ''
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'otn-kept-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('engines with a data folder', () => {
  test('keep records, documents, schemas and identity over a restart on other ports', async () => {
    const first = await startEngines({ dataDir })
    const clusterId = await writeEverywhere(first).finally(() => first.stop())
    const second = await startEngines({ dataDir })
    try {
      expect(second.kafkaBrokers).not.toEqual(first.kafkaBrokers)
      expect(second.mongodbUri).not.toBe(first.mongodbUri)
      expect(await readEverywhere(second)).toEqual({
        clusterId,
        records: 1,
        documents: 1,
        subjects: ['kept-value'],
      })
    } finally {
      await second.stop()
    }
    expect(existsSync(dataDir)).toBe(true)
  })
})

async function writeEverywhere(engines: Engines): Promise<string> {
  const kafka = client(engines)
  const admin = kafka.admin()
  await admin.connect()
  await createTopics(admin, [{ topic: 'kept', numPartitions: 1 }])
  const { clusterId } = await admin.describeCluster()
  await admin.disconnect()
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({ topic: 'kept', acks: -1, messages: [{ value: 'v' }] })
  await producer.disconnect()
  const mongo = new MongoClient(engines.mongodbUri)
  await mongo
    .db('kept')
    .collection('c')
    .insertOne({ v: 1 }, { writeConcern: { w: 'majority' } })
  await mongo.close()
  const registered = await fetch(`${engines.schemaRegistryUrl}/subjects/kept-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: SCHEMA,
  })
  expect(registered.status).toBe(200)
  return clusterId
}

async function readEverywhere(engines: Engines): Promise<unknown> {
  const admin = client(engines).admin()
  await admin.connect()
  const { clusterId } = await admin.describeCluster()
  const [offsets] = await admin.fetchTopicOffsets('kept')
  await admin.disconnect()
  const mongo = new MongoClient(engines.mongodbUri)
  const documents = await mongo.db('kept').collection('c').countDocuments()
  await mongo.close()
  const subjects = await (await fetch(`${engines.schemaRegistryUrl}/subjects`)).json()
  return { clusterId, records: Number(offsets?.high), documents, subjects }
}

function client({ kafkaBrokers }: Engines): Kafka {
  return new Kafka({ brokers: [...kafkaBrokers], logLevel: logLevel.NOTHING })
}
