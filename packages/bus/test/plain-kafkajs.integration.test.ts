/**
 * Negative controls: what kafkajs 2.2.4 does by itself under the faults of the tests beside this
 * file. Each asserts that acknowledged records are gone, so that nobody takes the bus for needless,
 * and so that a fixed kafkajs is noticed. Nothing here loads the bus or its repairs.
 */
import { hit, kafkaApi, type ProxiedKafka, startProxiedKafka } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopic, plainProducer, readLog } from './support/plain-kafka.ts'

const PARTITIONS = 12
/** The stop must fall into a send; it did in every run so far by the second. */
const STOPS_MAX = 6

let cluster: ProxiedKafka

beforeAll(async () => {
  cluster = await startProxiedKafka({ brokers: 3 })
})

afterAll(() => cluster.stop())

describe('kafkajs alone loses acknowledged records', () => {
  test('when several sends are in flight and one reply is lost', async () => {
    const topic = 'several-in-flight'
    await createTopic(cluster.kafkaBrokers, { topic, numPartitions: 1, replicationFactor: 1 })
    const producer = await plainProducer(cluster.kafkaBrokers)
    await producer.send({ topic, messages: [{ key: 'k', value: 'first' }] })
    const lose = hit('lose-answer', { apiKey: kafkaApi.produce, nth: 1 })
    for (const proxy of cluster.proxies) proxy.setFates(lose)
    const values = Array.from({ length: 50 }, (_, n) => `value-${n}`)
    await Promise.all(
      values.map((value) => producer.send({ topic, messages: [{ key: 'k', value }] })),
    )
    for (const proxy of cluster.proxies) proxy.setFates(null)
    await producer.disconnect()

    const log = await valuesIn(topic)
    const lost = values.filter((value) => !log.has(value))
    process.stdout.write(`plain kafkajs: ${values.length} acknowledged, ${lost.length} lost\n`)
    expect(lost.length).toBeGreaterThan(0)
  })

  test('with one send in flight, when one of three brokers goes away', async () => {
    const topic = 'one-in-flight'
    await createTopic(cluster.kafkaBrokers, {
      ...{ topic, numPartitions: PARTITIONS, replicationFactor: 3 },
      configEntries: [{ name: 'min.insync.replicas', value: '2' }],
    })
    const lost: string[] = []
    for (let stop = 0; stop < STOPS_MAX && lost.length === 0; stop += 1) {
      const acknowledged = await sendWhileABrokerStops(topic, stop)
      const log = await valuesIn(topic)
      lost.push(...acknowledged.filter((value) => !log.has(value)))
      const counts = `${acknowledged.length} acknowledged, ${lost.length} lost`
      process.stdout.write(`plain kafkajs, stop ${stop + 1}: ${counts}\n`)
    }
    expect(lost.length).toBeGreaterThan(0)
  })
})

async function valuesIn(topic: string): Promise<ReadonlySet<string>> {
  return new Set((await readLog(cluster.kafkaBrokers, topic)).map(({ value }) => value))
}

/** One record per partition and send, one send after the other. @returns what was acknowledged. */
async function sendWhileABrokerStops(topic: string, stop: number): Promise<readonly string[]> {
  const broker = cluster.kafka.brokers[stop % 3]
  const producer = await plainProducer(cluster.kafkaBrokers)
  const acknowledged: string[] = []
  let isDown = false
  const stopped = broker?.stop().then(() => {
    isDown = true
  })
  for (let send = 0, after = 0; after < 5; send += 1) {
    const messages = Array.from({ length: PARTITIONS }, (_, partition) => {
      return { partition, key: 'k', value: `${stop}-${send}-${partition}` }
    })
    await producer.send({ topic, messages })
    acknowledged.push(...messages.map(({ value }) => value))
    if (isDown) after += 1
  }
  await stopped
  await producer.disconnect()
  await broker?.start()
  return acknowledged
}
