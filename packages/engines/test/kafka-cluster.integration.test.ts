import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KafkaBroker, KafkaEngine } from '../src/index.ts'
import { createTopics, startKafka, waitFor } from '../src/index.ts'
import { askForBrokers } from '../src/kafka-wire.ts'

let kafka: KafkaEngine
beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 })
})
afterAll(() => kafka.stop())

function broker(nodeId: number): KafkaBroker {
  const found = kafka.brokers.find((one) => one.nodeId === nodeId)
  if (found === undefined) throw new Error(`no broker ${nodeId}`)
  return found
}

/** Who is alive in the eyes of a broker. */
async function aliveBy(nodeId: number): Promise<number[]> {
  const known = await askForBrokers(broker(nodeId).address)
  return known.map((one) => one.nodeId).sort()
}

async function becomesAlive(nodeIds: readonly number[], inTheEyesOf: number): Promise<void> {
  await waitFor(async () => (await aliveBy(inTheEyesOf)).join() === nodeIds.join(), {
    timeoutMs: 90_000,
    describe: `broker ${inTheEyesOf} to count ${nodeIds.join()} alive`,
  })
}

describe('a cluster of three', () => {
  test('keeps every record on three brokers and acknowledges with two', async () => {
    const admin = new Kafka({
      brokers: [...kafka.kafkaBrokers],
      logLevel: logLevel.NOTHING,
    }).admin()
    await admin.connect()
    const topic = 'replicated'
    await createTopics(admin, [{ topic, numPartitions: 3 }])
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const resource = { type: 2, name: topic, configNames: ['min.insync.replicas'] }
    // Goes to any broker, and that one may not have heard of the topic yet.
    const { resources } = await waitFor(
      () => admin.describeConfigs({ includeSynonyms: false, resources: [resource] }),
      { timeoutMs: 90_000, describe: 'a broker to know the settings of the topic' },
    )
    await admin.disconnect()
    expect(topics[0]?.partitions.map(({ replicas }) => replicas.length)).toEqual([3, 3, 3])
    expect(resources[0]?.configEntries[0]?.configValue).toBe('2')
  })

  test('loses a killed broker and takes it back under its address', async () => {
    const { address } = broker(2)
    await broker(2).kill()
    expect(broker(2).pid()).toBeNull()
    await becomesAlive([1, 3], 1)
    await broker(2).start()
    expect(await aliveBy(2)).toContain(2)
    expect(broker(2).address).toBe(address)
    await becomesAlive([1, 2, 3], 1)
  })

  test('loses a stopped broker at once, because it says goodbye', async () => {
    await broker(3).stop()
    expect(await aliveBy(1)).toEqual([1, 2])
    await broker(3).start()
    await becomesAlive([1, 2, 3], 1)
  })

  test('gets no answer from a paused broker until it is resumed', async () => {
    await broker(1).pause()
    await expect(askForBrokers(broker(1).address)).rejects.toThrow('does not answer')
    await becomesAlive([2, 3], 2)
    await broker(1).resume()
    await becomesAlive([1, 2, 3], 2)
  })

  test('survives the death of all brokers', async () => {
    await Promise.all(kafka.brokers.map((one) => one.kill()))
    await Promise.all(kafka.brokers.map((one) => one.start()))
    await becomesAlive([1, 2, 3], 3)
  })
})
