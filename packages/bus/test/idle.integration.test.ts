import { testScope } from '@otn/testing'
import { afterAll, expect, test } from 'vitest'
import { createBus } from '../src/index.ts'
import { countWakeUps } from './support/count-wake-ups.ts'
import { ONE_BROKER, until } from './support/one-broker.ts'
import { plainProducer } from './support/plain-kafka.ts'

const { kafkaBrokers, prefix } = testScope()
const bus = createBus({ brokers: kafkaBrokers, clientId: 'test', topicPrefix: prefix })

afterAll(() => bus.close(2_000))

// The control goes first: repairs are made when the bus connects, for the whole process.
test('kafkajs alone wakes an idle process hundreds of times a second', async () => {
  const producer = await plainProducer(kafkaBrokers)
  expect(await countWakeUps(1_000)).toBeGreaterThan(200)
  await producer.disconnect()
})

test('the bus never wakes an idle process to look at an empty queue', async () => {
  await bus.topics.apply({ ...ONE_BROKER, topics: ['optIn'] })
  const record = { topic: 'optIn', key: 'k', value: Buffer.from('v'), headers: {} } as const
  const appender = bus.appender()
  await appender.append([record])
  await until('its spare producer is connected', async () => (await countWakeUps(200)) === 0)
  expect(await countWakeUps(2_000)).toBe(0)
  await appender.append([record])
})
