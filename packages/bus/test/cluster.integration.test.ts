/** Three brokers (replication 3, min.insync.replicas 2) that break while the bus works. */
import { setTimeout as sleep } from 'node:timers/promises'
import { hit, kafkaApi, type ProxiedKafka, startProxiedKafka, watchPauses } from '@otn/testing'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Bus, createBus } from '../src/index.ts'
import {
  type Appended,
  describeLoad,
  type Load,
  lostFrom,
  startLoad,
} from './support/append-load.ts'
import { until } from './support/one-broker.ts'
import { createTopic, readLog } from './support/plain-kafka.ts'

const TOPIC = 'otn.optin.events.v1'
const DEADLINE_MS = 3_000
/** What timers and a busy machine may add to a deadline. */
const SLACK_MS = 400

let cluster: ProxiedKafka
let open: Bus[] = []

beforeAll(async () => {
  cluster = await startProxiedKafka({ brokers: 3 })
})

afterEach(async () => {
  await Promise.all(open.map((bus) => bus.close(2_000)))
  open = []
})
afterAll(() => cluster.stop())

describe('the appender loses nothing that it acknowledged', () => {
  test('when replies are lost while a hundred callers append', async () => {
    const load = await loadOn('replies', { callers: 100, pauseMs: 0 })
    for (let round = 0; round < 5; round += 1) {
      for (const proxy of cluster.proxies) {
        proxy.setFates(hit('lose-answer', { apiKey: kafkaApi.produce, nth: 2 }))
      }
      await load.acknowledged(500)
    }
    const lostReplies = cluster.proxies.reduce((sum, proxy) => sum + proxy.answersLost(), 0)
    expect(lostReplies).toBeGreaterThan(5)
    await expectNothingLost('replies', load)
  })

  test('when one of three brokers stops cleanly under load', async () => {
    const load = await loadOn('stop', { callers: 50, pauseMs: 1 })
    for (const broker of cluster.kafka.brokers.slice(1)) {
      await load.acknowledged(500)
      await broker.stop()
      await load.acknowledged(500)
      await broker.start()
    }
    await expectNothingLost('stop', load)
  })

  test('when one of three brokers is killed under load', async () => {
    const load = await loadOn('kill', { callers: 50, pauseMs: 1 })
    for (const broker of cluster.kafka.brokers.slice(0, 1)) {
      await load.acknowledged(500)
      await broker.kill()
      await load.acknowledged(500)
      await broker.start()
    }
    await expectNothingLost('kill', load)
  })
})

describe('one unwritable partition of twelve costs only itself', () => {
  test.each([
    { how: 'too few in-sync replicas', copies: 2 },
    { how: 'no leader', copies: 1 },
  ])('when it has $how', async ({ how, copies }) => {
    const prefix = `${how.replaceAll(' ', '-')}.`
    await createTopic(cluster.kafkaBrokers, {
      topic: `${prefix}${TOPIC}`,
      replicaAssignment: Array.from({ length: 12 }, (_, partition) => ({
        partition,
        replicas: (partition === 5 ? [2, 3] : [1, 2]).slice(-copies),
      })),
      configEntries: [{ name: 'min.insync.replicas', value: String(copies) }],
    })
    await cluster.kafka.brokers[2]?.stop()
    using pauses = watchPauses()
    const load = startLoadOn(busWith(prefix), { callers: 40, pauseMs: 50 })
    await sleep(10_000)
    const results = [...load.results]
    await cluster.kafka.brokers[2]?.start()
    tell(`${how}: ${describeLoad(results)}`)
    const limitMs = pauses.stretched(DEADLINE_MS)
    expect(shareIn(limitMs, results)).toBeGreaterThanOrEqual(0.85)
    const others = results.filter(({ partition }) => partition !== 5)
    expect(shareIn(limitMs, others)).toBe(1)
    const refused = results.filter(({ code }) => code === 'OTN_BUS_PARTITION_REFUSED')
    expect(refused.length).toBeGreaterThan(0)
    // The same appender takes records for it again, without a restart.
    await until('it has healed', () => load.results.some((it) => it.position?.partition === 5))
    await load.end()
  })
})

describe('an append ends in time', () => {
  test('while a broker is frozen, and the others carry on once it is known', async () => {
    using pauses = watchPauses()
    const load = await loadOn('frozen', { callers: 30, pauseMs: 5 })
    await load.acknowledged(200)
    const broker = cluster.kafka.brokers[0]
    await broker?.pause()
    await load.acknowledged(2_000)
    await broker?.resume()
    await load.acknowledged(500)
    const results = await load.end()
    tell(`frozen: ${describeLoad(results)}`)
    const slowest = Math.max(...results.map(({ tookMs }) => tookMs))
    expect(slowest).toBeLessThan(pauses.stretched(DEADLINE_MS + SLACK_MS))
    await expectNothingLost('frozen', load)
  })

  test('while every broker is away; appends go on by themselves after', async () => {
    using pauses = watchPauses()
    const load = await loadOn('away', { callers: 30, pauseMs: 5 })
    await load.acknowledged(200)
    for (const proxy of cluster.proxies) proxy.refuse()
    const before = load.results.length
    await sleep(8_000)
    expect(load.results.length).toBeGreaterThan(before)
    for (const proxy of cluster.proxies) proxy.heal()
    const fromMs = performance.now()
    await load.acknowledged(200)
    tell(`away: 200 appends acknowledged ${Math.round(performance.now() - fromMs)} ms after`)
    const results = await load.end()
    tell(`away: ${describeLoad(results)}`)
    const slowest = Math.max(...results.map(({ tookMs }) => tookMs))
    expect(slowest).toBeLessThan(pauses.stretched(DEADLINE_MS + SLACK_MS))
    await expectNothingLost('away', load)
  })
})

describe('a group consumer', () => {
  test('goes on with eleven partitions while the twelfth has no leader', async () => {
    const bus = busWith('leader.')
    await createTopic(cluster.kafkaBrokers, {
      topic: `leader.${TOPIC}`,
      replicaAssignment: Array.from({ length: 12 }, (_, partition) => ({
        partition,
        replicas: [partition === 5 ? 3 : 1 + (partition % 2)],
      })),
      configEntries: [{ name: 'min.insync.replicas', value: '1' }],
    })
    const { seen, crashes } = await collect(bus, 'leader')
    const load = startLoadOn(bus, { callers: 10, pauseMs: 10 })
    const isSeen = (value: string) => seen.has(value)
    const all = () => load.results.filter(({ position }) => position !== undefined)
    await load.acknowledged(200)
    await until('all partitions', () => new Set(seen.values()).size === 12)
    await cluster.kafka.brokers[2]?.stop()
    await load.acknowledged(300)
    await until('the others', () =>
      all().every(({ value, partition }) => partition === 5 || isSeen(value)),
    )
    await cluster.kafka.brokers[2]?.start()
    const before = all().filter(({ partition }) => partition === 5).length
    await until('the twelfth', () => all().filter((it) => it.partition === 5).length > before)
    await load.end()
    await until('everything', () => all().every(({ value }) => isSeen(value)))
    expect(crashes).toEqual([])
  })

  test('misses nothing when a broker is killed', async () => {
    const bus = busWith('killed.')
    await bus.topics.apply({ replicationFactor: 3, minInsyncReplicas: 2, topics: ['optIn'] })
    const { seen, crashes } = await collect(bus, 'killed')
    const load = startLoadOn(bus, { callers: 10, pauseMs: 10 })
    await load.acknowledged(200)
    await cluster.kafka.brokers[0]?.kill()
    await load.acknowledged(200)
    await cluster.kafka.brokers[0]?.start()
    const results = await load.end()
    const acknowledged = results.filter(({ position }) => position !== undefined)
    await until('everything', () => acknowledged.every(({ value }) => seen.has(value)))
    expect(crashes).toEqual([])
  })
})

function shareIn(limitMs: number, results: readonly Appended[]): number {
  const inTime = results.filter(({ position, tookMs }) => position && tookMs <= limitMs)
  return inTime.length / results.length
}

interface Callers {
  readonly callers: number
  readonly pauseMs: number
}

async function loadOn(name: string, callers: Callers): Promise<Load> {
  const bus = busWith(`${name}.`)
  await bus.topics.apply({ replicationFactor: 3, minInsyncReplicas: 2, topics: ['optIn'] })
  return startLoadOn(bus, callers)
}

/** Closed after the test. */
function busWith(topicPrefix: string): Bus {
  const bus = createBus({ brokers: cluster.kafkaBrokers, clientId: 'test', topicPrefix })
  open.push(bus)
  return bus
}

function startLoadOn(bus: Bus, callers: Callers): Load {
  const appender = bus.appender({ deadlineMs: DEADLINE_MS })
  const partitionOf = (key: string) => bus.partitionOf('optIn', key)
  return startLoad({ appender, name: 'value', partitionOf, ...callers })
}

async function expectNothingLost(name: string, load: Load): Promise<void> {
  const results = await load.end()
  for (const proxy of cluster.proxies) proxy.setFates(null)
  const log = await readLog(cluster.kafkaBrokers, `${name}.${TOPIC}`)
  const lost = lostFrom(log, results)
  tell(`${name}: ${describeLoad(results)}; ${log.length} in the log, ${lost.length} lost`)
  expect(lost).toEqual([])
}

/** Partition of each value that was handed over. */
async function collect(bus: Bus, groupId: string) {
  const seen = new Map<string, number>()
  const crashes: Error[] = []
  await bus.consume({
    ...{ groupId, topics: ['optIn'], sessionTimeoutMs: 6_000 },
    onBatch: async ({ partition, records }) => {
      for (const { value } of records) seen.set(String(value), partition)
      return { kind: 'done' }
    },
    onCrash: (error) => crashes.push(error),
  })
  return { seen, crashes }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
