import { randomUUID } from 'node:crypto'
import { testScope } from '@otn/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Batch, type Bus, createBus, type Subscription } from '../src/index.ts'
import { keysOf, noCrash, numbered, ONE_BROKER, until } from './support/one-broker.ts'
import { plainKafka } from './support/plain-kafka.ts'

const { kafkaBrokers, prefix } = testScope()
const bus = busOf('test')

function busOf(clientId: string): Bus {
  return createBus({ brokers: kafkaBrokers, clientId, topicPrefix: prefix })
}

beforeAll(async () => {
  await bus.topics.apply(ONE_BROKER)
})

afterAll(() => bus.close(3_000))

describe('a commit', () => {
  test('is written after the handler is done with a batch, not before', async () => {
    const groupId = newGroup()
    await bus.appender().append([numbered('page', 1)])
    const gate = Promise.withResolvers<void>()
    const isHandling = Promise.withResolvers<void>()
    const consumption = await bus.consume({
      ...subscription(groupId, ['page']),
      onBatch: async () => {
        isHandling.resolve()
        await gate.promise
        return { kind: 'done' }
      },
    })
    await isHandling.promise
    expect(await committed(groupId, 'otn.page.events.v1')).toBe(0n)
    gate.resolve()
    await until('the commit', async () => (await committed(groupId, 'otn.page.events.v1')) === 1n)
    await consumption.close(3_000)
  })

  test('of a batch that was running when the consumer closed is written still', async () => {
    const groupId = newGroup()
    await bus.appender().append([numbered('token', 1)])
    const isHandling = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const consumption = await bus.consume({
      ...subscription(groupId, ['token']),
      onBatch: async () => {
        isHandling.resolve()
        await gate.promise
        return { kind: 'done' }
      },
    })
    await isHandling.promise
    const closing = consumption.close(5_000)
    gate.resolve()
    await closing
    expect(await committed(groupId, 'otn.token.events.v1')).toBe(1n)
  })
})

describe('a result', () => {
  test('`done` hands each record over once, to one owner after the other', async () => {
    const groupId = newGroup()
    const appender = bus.appender()
    const seen: string[] = []
    for (const round of [0, 1, 2]) {
      await appender.append(Array.from({ length: 50 }, (_, n) => numbered('receipt', n)))
      const consumption = await bus.consume(collect(groupId, 'receipt', seen))
      await until('all are seen', () => seen.length >= 50 * (round + 1))
      await consumption.close(3_000)
    }
    expect(seen).toHaveLength(150)
    expect(new Set(seen).size).toBe(150)
  })

  test('`retry` lets this partition alone wait and commits what is done', async () => {
    const groupId = newGroup()
    const [slow, quick] = [keysOf(bus, 3, 4), keysOf(bus, 7, 1)]
    const records = [...slow, ...quick].map((key) => ({ ...numbered('optIn', 0), key }))
    await bus.appender().append(records)
    const offsets: bigint[] = []
    let failures = 0
    let isRetried = false
    const order: string[] = []
    const consumption = await bus.consume({
      ...subscription(groupId, ['optIn']),
      onBatch: async (batch) => {
        order.push(`${batch.partition}`)
        if (batch.partition !== 3) return { kind: 'done' }
        if (failures === 0) {
          failures += 1
          offsets.push(0n, 1n)
          return { kind: 'retry', afterMs: 1_500, from: 2n }
        }
        isRetried = true
        offsets.push(...batch.records.map(({ offset }) => offset))
        return { kind: 'done' }
      },
    })
    await until('the first failure', () => failures === 1)
    await until(
      'its commit',
      async () => (await committed(groupId, 'otn.optin.events.v1', 3)) === 2n,
    )
    const [key] = keysOf(bus, 7, 1)
    await bus.appender().append([{ ...numbered('optIn', 1), key: key ?? '' }])
    await until('the neighbour', () => order.filter((it) => it === '7').length === 2)
    expect(isRetried).toBe(false)
    expect(consumption.progress.find(({ partition }) => partition === 3)?.paused).toBe(true)
    await until('the retry', () => isRetried)
    expect(offsets).toEqual([0n, 1n, 2n, 3n])
    await consumption.close(3_000)
  })

  test('`seek` reads from there and applies nothing of the batch', async () => {
    const groupId = newGroup()
    await bus.appender().append(Array.from({ length: 5 }, () => numbered('alarm', 1)))
    const firsts: bigint[] = []
    const consumption = await bus.consume({
      ...subscription(groupId, ['alarm']),
      onBatch: async (batch) => {
        firsts.push(batch.records[0]?.offset ?? -1n)
        return firsts.length === 1 ? { kind: 'seek', offset: 3n } : { kind: 'done' }
      },
    })
    await until('the second batch', () => firsts.length === 2)
    expect(firsts).toEqual([0n, 3n])
    await consumption.close(3_000)
  })
})

describe('a consumer', () => {
  test('whose handler throws crashes once and commits nothing of it', async () => {
    const groupId = newGroup()
    await bus.appender().append([numbered('campaign', 1)])
    const crashes: Error[] = []
    const consumption = await bus.consume({
      ...subscription(groupId, ['campaign']),
      onBatch: async () => {
        throw new Error('a bug')
      },
      onCrash: (error) => crashes.push(error),
    })
    await until('the crash', () => crashes.length > 0)
    expect(consumption.isRunning).toBe(false)
    await consumption.close(3_000)
    expect(crashes.map(({ message }) => message)).toEqual(['a bug'])
    expect(await committed(groupId, 'otn.campaign.commands.v1')).toBe(0n)
  })

  test('whose handler hangs is restarted, then crashes with the partition named', async () => {
    const groupId = newGroup()
    await bus.appender().append([numbered('consent', 1)])
    const crashes: Error[] = []
    let handled = 0
    const consumption = await bus.consume({
      ...subscription(groupId, ['consent']),
      stallAfterMs: 400,
      onBatch: () => {
        handled += 1
        return new Promise(() => {})
      },
      onCrash: (error) => crashes.push(error),
    })
    await until('the crash', () => crashes.length > 0)
    expect(handled).toBe(2)
    expect(crashes[0]).toMatchObject({ code: 'OTN_BUS_CONSUMER_STALLED' })
    expect(crashes[0]?.message).toMatch(/nothing was handled for 400 ms in consent\/\d+/)
    await consumption.close(100)
  })

  test('passes the control records and aborted records of a stranger', async () => {
    const groupId = newGroup()
    const topic = `${prefix}otn.cancel.commands.v1`
    await writeInTransactions(topic, ['committed-1', 'aborted', 'committed-2'])
    const seen: string[] = []
    const consumption = await bus.consume(collect(groupId, 'cancel', seen))
    await until('both are seen', () => seen.length === 2)
    expect(seen).toEqual(['committed-1', 'committed-2'])
    // Now a fetch brings nothing that anybody may see.
    await writeInTransactions(topic, ['aborted'])
    // Eight: each record and the control record behind it.
    let end = 0n
    await until('all stand on the log', async () => {
      end = (await bus.positions.endOffsets('cancel'))[0] ?? 0n
      return end >= 8n
    })
    await until('the last control record', () =>
      consumption.progress.some(({ partition, next }) => partition === 0 && next === end),
    )
    await consumption.close(3_000)
  })
})

describe('a rebalance', () => {
  test('while a batch is handled makes it stale, and another owner has it all', async () => {
    const groupId = newGroup()
    await bus.appender().append(Array.from({ length: 60 }, (_, n) => numbered('engagement', n)))
    const stale: boolean[] = []
    const isHandling = Promise.withResolvers<void>()
    const first = await bus.consume({
      ...subscription(groupId, ['engagement']),
      onBatch: async (batch) => {
        isHandling.resolve()
        await untilStale(batch, stale)
        return { kind: 'done' }
      },
    })
    await isHandling.promise
    const seen: string[] = []
    const second = await busOf('second').consume(collect(groupId, 'engagement', seen))
    await until('the first one learns of it', () => stale.includes(true))
    await first.close(3_000)
    await until('the second one has all', () => new Set(seen).size === 60)
    await second.close(3_000)
  })

  test('again and again loses nothing, applies nothing twice behind a cursor', async () => {
    const groupId = newGroup()
    const appender = bus.appender()
    const total = 3_000
    const cursors = new Map<number, bigint>()
    const applied: string[] = []
    const guarded = {
      ...subscription(groupId, ['notification']),
      concurrency: 3,
      onBatch: apply(cursors, applied),
    }
    const buses = [busOf('a'), busOf('b'), busOf('c')]
    const steady = await busOf('steady').consume(guarded)
    const appending = (async () => {
      for (let n = 0; n < total; n += 50) {
        await appender.append(Array.from({ length: 50 }, (_, m) => numbered('notification', n + m)))
      }
    })()
    for (const other of [...buses, ...buses]) {
      const joined = await other.consume(guarded)
      await until('some progress', progressOf(applied, 100, total))
      await joined.close(3_000)
    }
    await appending
    await until('everything is applied', () => applied.length >= total)
    expect(applied).toHaveLength(total)
    expect(new Set(applied).size).toBe(total)
    await steady.close(3_000)
  })
})

let groups = 0
function newGroup(): string {
  groups += 1
  return `group-${groups}-${randomUUID().slice(0, 6)}`
}

function subscription(groupId: string, topics: Subscription['topics']) {
  return { groupId, topics, onCrash: noCrash, sessionTimeoutMs: 6_000 }
}

function collect(groupId: string, topic: Subscription['topics'][number], seen: string[]) {
  return {
    ...subscription(groupId, [topic]),
    onBatch: async (batch: Batch) => {
      for (const record of batch.records) seen.push(textOf(batch, record))
      return { kind: 'done' as const }
    },
  }
}

function textOf({ topic, partition }: Batch, { offset, value }: Batch['records'][number]): string {
  return topic === 'receipt' ? `${partition}/${offset}` : String(value)
}

async function untilStale(batch: Batch, stale: boolean[]): Promise<void> {
  try {
    for (;;) {
      await batch.heartbeat()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    stale.push(batch.isStale())
  }
}

/** As the ledger does it: the cursor is the truth, Kafka's commit a hint. */
function apply(cursors: Map<number, bigint>, applied: string[]) {
  return async (batch: Batch) => {
    const cursor = cursors.get(batch.partition) ?? 0n
    const first = batch.records[0]?.offset ?? 0n
    if (first > cursor) return { kind: 'seek' as const, offset: cursor }
    const fresh = batch.records.filter(({ offset }) => offset >= cursor)
    await new Promise((resolve) => setTimeout(resolve, 2))
    if ((cursors.get(batch.partition) ?? 0n) !== cursor)
      return { kind: 'seek' as const, offset: cursor }
    applied.push(...fresh.map(({ value }) => String(value)))
    cursors.set(batch.partition, (batch.records.at(-1)?.offset ?? 0n) + 1n)
    return { kind: 'done' as const }
  }
}

function progressOf(applied: readonly string[], more: number, total: number): () => boolean {
  const from = applied.length
  return () => applied.length >= Math.min(total, from + more)
}

async function committed(groupId: string, topic: string, partition?: number): Promise<bigint> {
  const admin = plainKafka(kafkaBrokers).admin()
  await admin.connect()
  const found = await admin.fetchOffsets({
    groupId: `${prefix}${groupId}`,
    topics: [`${prefix}${topic}`],
  })
  await admin.disconnect()
  return (found[0]?.partitions ?? [])
    .filter((it) => partition === undefined || it.partition === partition)
    .reduce((sum, { offset }) => sum + BigInt(Math.max(0, Number(offset))), 0n)
}

/** One transaction per value, on partition 0; `aborted` is. */
async function writeInTransactions(topic: string, values: readonly string[]): Promise<void> {
  for (const value of values) {
    // A coordinator that is only just made refuses for a moment; kafkajs does not wait that out.
    const isWritten = () => writeInTransaction(topic, value).then(Boolean, () => false)
    await until(`the transaction of ${value}`, isWritten)
  }
}

/**
 * Under an id of its own each time: a second transaction under one id may meet the end of the first.
 * What fails before its end leaves nothing that anybody may see.
 */
async function writeInTransaction(topic: string, value: string): Promise<true> {
  const producer = plainKafka(kafkaBrokers).producer({
    transactionalId: randomUUID(),
    maxInFlightRequests: 1,
    idempotent: true,
  })
  try {
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ key: 'k', value, partition: 0 }] })
    if (value === 'aborted') await transaction.abort()
    else await transaction.commit()
    return true
  } finally {
    await producer.disconnect()
  }
}
