/** Uses kafkajs bare: its retries are part of what the proxy must be able to provoke. */
import { createTopics } from '@otn/engines'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hit, kafkaApi, type ProxiedKafka, startProxiedKafka } from '../src/index.ts'

let proxied: ProxiedKafka
beforeAll(async () => {
  proxied = await startProxiedKafka()
})
afterAll(() => proxied.stop())

function client(brokers: readonly string[]): Kafka {
  return new Kafka({
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    retry: { retries: 0 },
  })
}

async function createTopic(topic: string): Promise<void> {
  const admin = client(proxied.kafka.kafkaBrokers).admin()
  await admin.connect()
  await createTopics(admin, [{ topic, numPartitions: 1 }])
  await admin.disconnect()
}

async function recordsIn(topic: string): Promise<number> {
  const admin = client(proxied.kafka.kafkaBrokers).admin()
  await admin.connect()
  const offsets = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  return offsets.reduce((sum, { high }) => sum + Number(high), 0)
}

async function withProducer(use: (producer: Producer) => Promise<void>): Promise<void> {
  const producer = client(proxied.kafkaBrokers).producer()
  await producer.connect()
  await use(producer).finally(() => producer.disconnect())
}

describe('a broker behind a proxy', () => {
  test('is reached by its clients through the proxy alone', async () => {
    const [proxy] = proxied.proxies
    const admin = client(proxied.kafkaBrokers).admin()
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    await admin.disconnect()
    expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual([proxy?.address])
  })

  test('writes a record whose reply is lost', async () => {
    const [proxy] = proxied.proxies
    await createTopic('reply-lost')
    proxy?.setFates(hit('lose-answer', { apiKey: kafkaApi.produce, nth: 2 }))
    await withProducer(async (producer) => {
      const send = (value: string): Promise<unknown> =>
        producer.send({ topic: 'reply-lost', messages: [{ value }] })
      await send('acknowledged')
      await expect(send('unknown')).rejects.toThrow()
    })
    expect(await recordsIn('reply-lost')).toBe(2)
    expect(proxy?.answersLost()).toBe(1)
  })

  test('does not write a record whose request is lost', async () => {
    const [proxy] = proxied.proxies
    await createTopic('request-lost')
    proxy?.setFates(hit('lose-request', { apiKey: kafkaApi.produce, nth: 1 }))
    await withProducer(async (producer) => {
      const messages = [{ value: 'lost' }]
      await expect(producer.send({ topic: 'request-lost', messages })).rejects.toThrow()
    })
    expect(await recordsIn('request-lost')).toBe(0)
  })

  test('answers again after a stall, from where it stood', async () => {
    const [proxy] = proxied.proxies
    proxy?.setFates(null)
    await createTopic('stalled')
    await withProducer(async (producer) => {
      await producer.send({ topic: 'stalled', messages: [{ value: 'before' }] })
      proxy?.stall()
      const sent = producer.send({ topic: 'stalled', messages: [{ value: 'during' }] })
      let isHealed = false
      setTimeout(() => {
        isHealed = true
        proxy?.heal()
      }, 300)
      await sent
      expect(isHealed).toBe(true)
    })
    expect(await recordsIn('stalled')).toBe(2)
  })
})
