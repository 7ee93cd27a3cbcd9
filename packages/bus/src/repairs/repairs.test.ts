import { afterEach, describe, expect, test, vi } from 'vitest'
import { kafkajsInside, requireRepairedVersion } from './kafkajs-version.ts'
import { repairKafkajs } from './repair-kafkajs.ts'

interface Queue {
  throttledUntil: number
  maybeThrottle(ms: number): void
  push(request: object): void
  destroy(): void
}

repairKafkajs()
afterEach(() => void vi.useRealTimers())

test('the installed kafkajs is the one that the repairs are made for', () => {
  expect(requireRepairedVersion).not.toThrow()
})

describe('the repaired queue', () => {
  test('still releases a throttled request on time', async () => {
    vi.useFakeTimers()
    const RequestQueue = kafkajsInside('kafkajs/src/network/requestQueue') as new (
      options: object,
    ) => Queue
    const logger = { debug() {}, warn() {} }
    const options = { maxInFlightRequests: null, requestTimeout: 1_000, logger }
    const queue = new RequestQueue({ ...options, clientId: 'test', broker: 'b' })
    queue.maybeThrottle(120)
    const sendRequest = vi.fn()
    queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest })
    await vi.advanceTimersByTimeAsync(110)
    expect(sendRequest).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(30)
    expect(sendRequest).toHaveBeenCalledOnce()
    queue.destroy()
  })
})

describe('the repaired metadata', () => {
  const { parse } = kafkajsInside('kafkajs/src/protocol/requests/metadata/v6/response') as {
    parse(answer: object): Promise<unknown>
  }
  const partition = (partitionErrorCode: number, leader: number) => ({ partitionErrorCode, leader })

  test('lists a partition without a leader beside its neighbours', async () => {
    const partitionMetadata = [partition(0, 1), partition(5, -1)]
    const answer = { topicMetadata: [{ topicErrorCode: 0, topic: 't', partitionMetadata }] }
    expect(await parse(answer)).toBe(answer)
  })

  test('still throws what is wrong with a Kafka topic itself', async () => {
    const answer = { topicMetadata: [{ topicErrorCode: 3, topic: 't', partitionMetadata: [] }] }
    await expect(parse(answer)).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })
})

describe('a repaired refusal', () => {
  test('to fetch says which Kafka topic is refused', async () => {
    const { parse } = kafkajsInside('kafkajs/src/protocol/requests/fetch/v11/response') as {
      parse(answer: object): Promise<unknown>
    }
    const topic = (topicName: string, errorCode: number) => {
      return { topicName, partitions: [{ errorCode, messages: [] }] }
    }
    await expect(parse({ responses: [topic('a', 0), topic('b', 29)] })).rejects.toMatchObject({
      type: 'TOPIC_AUTHORIZATION_FAILED',
      topic: 'b',
    })
    const passing = { responses: [topic('a', 0)] }
    expect(await parse(passing)).toBe(passing)
  })

  test('of a group is not taken for brokers that are away', async () => {
    const BrokerPool = kafkajsInside('kafkajs/src/cluster/brokerPool') as {
      prototype: { withBroker(ask: (at: object) => Promise<unknown>): Promise<unknown> }
    }
    const pool = { brokers: { 1: {}, 2: {} }, findBroker: async () => ({}) }
    const ask = (error: object) =>
      BrokerPool.prototype.withBroker.call(pool, async () => {
        throw Object.assign(new Error('x'), error)
      })
    const denied = { type: 'GROUP_AUTHORIZATION_FAILED' }
    await expect(ask(denied)).rejects.toMatchObject(denied)
    expect(await ask({ type: 'NOT_COORDINATOR' })).toBeNull()
  })
})
