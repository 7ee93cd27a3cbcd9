import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connectFirst } from './connect-first.ts'
import type { LiveProducer } from './live-producer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a producer is connected', () => {
  test('by the next broker at once when one is dead', async () => {
    const { connect, producers } = brokers('dead', 'dead', 'good')
    // No time passes here.
    expect(await connectFirst(connect)).toBe(producers[0])
  })

  test('by the next broker soon when one is frozen', async () => {
    const { connect, producers } = brokers('frozen', 'good')
    const first = connectFirst(connect)
    await vi.advanceTimersByTimeAsync(500)
    expect(producers).toHaveLength(1)
    expect(await first).toBe(producers[0])
  })

  test('once: whoever is slower is closed', async () => {
    const { connect, producers, closed } = brokers('slow', 'good')
    const connecting = connectFirst(connect)
    await vi.advanceTimersByTimeAsync(700)
    const first = await connecting
    expect(producers).toHaveLength(2)
    expect(closed).toEqual(producers.filter((producer) => producer !== first))
  })

  test('not at all when three tries failed', async () => {
    const { connect } = brokers('dead', 'dead', 'dead', 'good')
    await expect(connectFirst(connect)).rejects.toThrow('dead')
  })
})

function brokers(...fates: ('good' | 'slow' | 'dead' | 'frozen')[]) {
  const producers: LiveProducer[] = []
  const closed: LiveProducer[] = []
  const connect = async (): Promise<LiveProducer> => {
    const fate = fates.shift() ?? 'dead'
    if (fate === 'dead') throw new Error('dead')
    if (fate === 'frozen') return new Promise(() => {})
    if (fate === 'slow') await new Promise((resolve) => setTimeout(resolve, 500))
    const producer: LiveProducer = {
      send: async () => [],
      abandon: () => {},
      close: async () => {
        closed.push(producer)
      },
    }
    producers.push(producer)
    return producer
  }
  return { connect, producers, closed }
}
