import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { hit, type ProxiedKafka, startProxiedKafka, watchPauses } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Batch, type Bus, createBus } from '../src/index.ts'
import { noCrash, numbered, ONE_BROKER, until } from './support/one-broker.ts'
import { plainKafka } from './support/plain-kafka.ts'

/** Api key of OffsetCommit. */
const OFFSET_COMMIT = 8

let kafka: ProxiedKafka
let bus: Bus
const prefix = `${randomUUID().slice(0, 6)}.`

beforeAll(async () => {
  kafka = await startProxiedKafka()
  bus = createBus({ brokers: kafka.kafkaBrokers, clientId: 'test', topicPrefix: prefix })
  await bus.topics.apply(ONE_BROKER)
})

afterAll(async () => {
  await bus.close(3_000)
  await kafka.stop()
})

describe('following', () => {
  test('tells when it has caught up with the end read at its start, and goes on', async () => {
    await append('optIn', 0, 100)
    const seen: string[] = []
    const following = await bus.follow({ topics: ['optIn', 'page'], ...into(seen) })
    await following.caughtUp
    expect(seen).toHaveLength(100)
    await append('optIn', 100, 10)
    await until('the later ones', () => seen.length === 110)
    expect(following.isCaughtUp).toBe(true)
    await following.close(3_000)
    await following.finished
  })

  test('of an empty log has caught up at once', async () => {
    const following = await bus.follow({ topics: ['alarm'], ...into([]) })
    await following.caughtUp
    await following.close(3_000)
  })

  test('until the end ends by itself, with nothing that came later', async () => {
    await append('token', 0, 40)
    const seen: string[] = []
    const following = await bus.follow({
      topics: ['token'],
      until: 'end',
      onCrash: noCrash,
      onBatch: async (batch) => {
        if (seen.length === 0) await append('token', 40, 40)
        seen.push(...values(batch))
      },
    })
    await following.finished
    expect(seen).toHaveLength(40)
    const again: string[] = []
    const rest = await bus.follow({
      topics: ['token'],
      from: following.positions,
      until: 'end',
      ...into(again),
    })
    await rest.finished
    expect([...seen, ...again].map(Number).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 80 }, (_, n) => n),
    )
  })

  test('hands each record over once, in order, over broken connections', async () => {
    await append('engagement', 0, 400)
    const seen = new Map<number, bigint[]>()
    let batches = 0
    const following = await bus.follow({
      topics: ['engagement'],
      onCrash: noCrash,
      maxBytesPerPartition: 1_024,
      onBatch: async (batch) => {
        const offsets = seen.get(batch.partition) ?? []
        seen.set(batch.partition, [...offsets, ...batch.records.map(({ offset }) => offset)])
        batches += 1
        if (batches % 10 === 0) kafka.proxies[0]?.cut()
        await new Promise((resolve) => setTimeout(resolve, 1))
      },
    })
    await following.caughtUp
    await following.close(3_000)
    const ends = await bus.positions.endOffsets('engagement')
    for (const [partition, end] of ends.entries()) {
      const whole = Array.from({ length: Number(end) }, (_, n) => BigInt(n))
      expect(seen.get(partition) ?? []).toEqual(whole)
    }
  })

  test('goes on by itself after Kafka was away', async () => {
    const seen: string[] = []
    const following = await bus.follow({ topics: ['campaignEvent'], ...into(seen) })
    await awayFor(5_000)
    await append('campaignEvent', 0, 5)
    await until('the records', () => seen.length === 5)
    await following.close(3_000)
  })

  test('leaves no commit behind', async () => {
    await append('receipt', 0, 5)
    const following = await bus.follow({ topics: ['receipt'], until: 'end', ...into([]) })
    await following.finished
    const admin = plainKafka(kafka.kafkaBrokers).admin()
    await admin.connect()
    const { groups } = await admin.listGroups()
    for (const { groupId } of groups.filter((it) => it.groupId.startsWith(prefix))) {
      const topics = [`${prefix}otn.receipt.events.v1`]
      const offsets = await admin.fetchOffsets({ groupId, topics })
      expect(offsets.flatMap(({ partitions }) => partitions.map(({ offset }) => offset))).toEqual(
        Array.from({ length: 12 }, () => '-1'),
      )
    }
    await admin.disconnect()
  })

  test('is refused at a position above the end of the log', async () => {
    const from = { page: Array.from({ length: 12 }, () => 7n) }
    await expect(bus.follow({ topics: ['page'], from, ...into([]) })).rejects.toMatchObject({
      code: 'OTN_BUS_TOPICS_WRONG',
    })
  })

  test('crashes once when its handler throws', async () => {
    await append('consent', 0, 1)
    const crashes: string[] = []
    const following = await bus.follow({
      topics: ['consent'],
      onBatch: () => {
        throw new Error('a bug')
      },
      onCrash: ({ message }) => crashes.push(message),
    })
    await expect(following.caughtUp).rejects.toThrow('a bug')
    await expect(following.finished).rejects.toThrow('a bug')
    await following.close(3_000)
    expect(crashes).toEqual(['a bug'])
  })
})

describe('a group consumer', () => {
  test('goes on within seconds after Kafka was away for less than its session', async () => {
    const seen: string[] = []
    const consumption = await bus.consume({
      ...{ groupId: 'short', topics: ['consent'], onCrash: noCrash },
      onBatch: async (batch) => {
        seen.push(...values(batch))
        return { kind: 'done' }
      },
    })
    await awayFor(5_000)
    await append('consent', 1, 5)
    using pauses = watchPauses()
    const fromMs = performance.now()
    await until('the records', () => seen.length >= 5)
    expect(performance.now() - fromMs).toBeLessThan(pauses.stretched(5_000))
    expect(consumption.silentMs).toBeLessThan(pauses.stretched(10_000))
    await consumption.close(3_000)
  })

  test('goes on by itself after Kafka was away for longer than kafkajs tries', async () => {
    const seen: string[] = []
    const consumption = await bus.consume({
      ...{ groupId: 'away', topics: ['notify'], sessionTimeoutMs: 6_000, onCrash: noCrash },
      onBatch: async (batch) => {
        seen.push(...values(batch))
        return { kind: 'done' }
      },
    })
    for (const proxy of kafka.proxies) proxy.refuse()
    await until('it is replaced', () => !consumption.isRunning)
    for (const proxy of kafka.proxies) proxy.heal()
    await append('notify', 0, 5)
    await until('the records', () => seen.length >= 5)
    await consumption.close(3_000)
    expect(new Set(seen).size).toBe(5)
  })

  test('survives a commit whose answer is lost', async () => {
    const seen: string[] = []
    kafka.proxies[0]?.setFates(hit('lose-answer', { apiKey: OFFSET_COMMIT, nth: 1, count: 2 }))
    await append('cancel', 0, 20)
    const consumption = await bus.consume({
      ...{ groupId: 'commit', topics: ['cancel'], onCrash: noCrash },
      onBatch: async (batch) => {
        seen.push(...values(batch))
        return { kind: 'done' }
      },
    })
    await until('the records', () => new Set(seen).size === 20)
    expect(kafka.proxies[0]?.answersLost()).toBe(2)
    kafka.proxies[0]?.setFates(null)
    await consumption.close(3_000)
  })
})

async function append(topic: Batch['topic'], from: number, count: number): Promise<void> {
  const appender = bus.appender({ deadlineMs: 10_000 })
  const records = Array.from({ length: count }, (_, n) => numbered(topic, from + n))
  await appender.append(records)
  await appender.close(1_000)
}

/** No sign to wait for: what is to be shown is that time passes without an end. */
async function awayFor(ms: number): Promise<void> {
  for (const proxy of kafka.proxies) proxy.refuse()
  await sleep(ms)
  for (const proxy of kafka.proxies) proxy.heal()
}

function into(seen: string[]) {
  return {
    onCrash: noCrash,
    onBatch: (batch: Batch) => {
      seen.push(...values(batch))
    },
  }
}

function values(batch: Batch): readonly string[] {
  return batch.records.map(({ value }) => String(value))
}
