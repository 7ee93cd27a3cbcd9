import { MongoClient } from 'mongodb'
import { expect, test } from 'vitest'
import { testScope } from '../src/index.ts'

test('a test file reaches the shared engines under names of its own', async () => {
  const scope = testScope()
  expect(testScope().prefix).not.toBe(scope.prefix)
  expect(testScope().database).not.toBe(scope.database)
  const client = new MongoClient(scope.mongodbUri)
  await client
    .db(scope.database)
    .collection('c')
    .insertOne({ a: 1 }, { writeConcern: { w: 'majority' } })
  await client.close()
  const subjects = await fetch(`${scope.schemaRegistryUrl}/subjects`)
  expect(subjects.status).toBe(200)
  expect(scope.kafkaBrokers).toHaveLength(1)
})
