import { testScope } from '@otn/testing'
import { ConfigResourceTypes } from 'kafkajs'
import { afterAll, describe, expect, test } from 'vitest'
import { createBus } from '../src/index.ts'
import { ONE_BROKER } from './support/one-broker.ts'
import { createTopic, plainKafka } from './support/plain-kafka.ts'

const { kafkaBrokers, prefix } = testScope()
const bus = busOf(prefix)

function busOf(topicPrefix: string) {
  return createBus({ brokers: kafkaBrokers, clientId: 'test', topicPrefix })
}

afterAll(() => bus.close(2_000))

describe('applying the table of Kafka topics', () => {
  test('creates all sixteen, ready to be written to, and adds nothing when repeated', async () => {
    const before = await bus.topics.check(ONE_BROKER)
    expect(before).toHaveLength(16)
    expect(before[0]).toMatch(/is missing; run "pnpm otn topics apply"/)
    const first = await bus.topics.apply(ONE_BROKER)
    expect(first).toMatchObject({ altered: [], faults: [] })
    expect(first.created).toHaveLength(16)
    const appender = bus.appender()
    await appender.append([{ topic: 'optIn', key: 'k', value: Buffer.from('v'), headers: {} }])
    expect(appender.state).toMatchObject({ resentTotal: 0, producersReplacedTotal: 0 })
    expect(await bus.topics.apply(ONE_BROKER)).toEqual({ created: [], altered: [], faults: [] })
    expect(await bus.topics.check(ONE_BROKER)).toEqual([])
  })

  test('leaves what differs, sets it when asked, keeps what else was set', async () => {
    const name = 'differs.otn.page.events.v1'
    await createTopic(kafkaBrokers, {
      ...{ topic: name, numPartitions: 12, replicationFactor: 1 },
      configEntries: [
        { name: 'cleanup.policy', value: 'compact' },
        { name: 'segment.bytes', value: '1048577' },
      ],
    })
    const other = busOf('differs.')
    const wanted = { ...ONE_BROKER, topics: ['page'] } as const
    const told = await other.topics.apply(wanted)
    expect(told.altered).toEqual([])
    expect(told.faults.join('\n')).toMatch(/has cleanup.policy compact, wanted delete/)
    const done = await other.topics.apply({ ...wanted, alterSettings: true })
    expect(done).toEqual({ created: [], altered: [name], faults: [] })
    expect(await settingOf(name, 'segment.bytes')).toBe('1048577')
    await other.close(1_000)
  })

  test('never changes the number of partitions', async () => {
    const topic = 'few.otn.token.events.v1'
    await createTopic(kafkaBrokers, { topic, numPartitions: 3, replicationFactor: 1 })
    const other = busOf('few.')
    const wanted = { ...ONE_BROKER, topics: ['token'], alterSettings: true } as const
    const { faults } = await other.topics.apply(wanted)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/has 3 partitions, wanted 12; partitions are never changed/)
    await other.close(1_000)
  })

  test('refuses what one broker cannot give, in the words of the broker', async () => {
    const other = busOf('three.')
    const wanted = { replicationFactor: 3, minInsyncReplicas: 2, topics: ['token'] } as const
    await expect(other.topics.apply(wanted)).rejects.toMatchObject({
      code: 'OTN_BUS_TOPICS_WRONG',
      message: expect.stringMatching(/three.otn.token.events.v1: INVALID_REPLICATION_FACTOR/),
    })
    await other.close(1_000)
  })
})

describe('positions', () => {
  test('name the cluster, and the next offset of every partition', async () => {
    await bus.topics.apply(ONE_BROKER)
    const [position] = await bus
      .appender()
      .append([{ topic: 'parked', key: 'k', value: null, headers: {} }])
    const ends = await bus.positions.endOffsetsOf(['parked', 'alarm'])
    expect(ends.alarm).toEqual([0n, 0n, 0n])
    expect(ends.parked[position?.partition ?? -1]).toBe(1n)
    expect(await bus.positions.clusterId()).toMatch(/^[\w-]{22}$/)
  })

  test('of a Kafka topic that is missing are refused with the way to make it', async () => {
    const other = busOf('nothing.')
    await expect(other.positions.endOffsets('optIn')).rejects.toMatchObject({
      code: 'OTN_BUS_TOPICS_WRONG',
    })
    await other.close(1_000)
  })

  test('of a cluster that does not answer are refused in time', async () => {
    const nowhere = createBus({ brokers: ['127.0.0.1:1'], clientId: 'test' })
    await expect(nowhere.positions.clusterId()).rejects.toMatchObject({
      code: 'OTN_BUS_UNREACHABLE',
      retryable: true,
    })
  })
})

async function settingOf(topic: string, setting: string): Promise<string | undefined> {
  const admin = plainKafka(kafkaBrokers).admin()
  await admin.connect()
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  })
  await admin.disconnect()
  return resources[0]?.configEntries.find(({ configName }) => configName === setting)?.configValue
}
