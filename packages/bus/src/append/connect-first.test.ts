import { describe, expect, test } from 'vitest'
import { connectFirst } from './connect-first.ts'
import type { LiveProducer } from './live-producer.ts'

describe('a producer is connected', () => {
  test('by the next broker at once when one is dead', async () => {
    const { connect, producers } = brokers('dead', 'dead', 'good')
    const fromMs = performance.now()
    expect(await connectFirst(connect)).toBe(producers[0])
    expect(performance.now() - fromMs).toBeLessThan(250)
  })

  test('by the next broker soon when one is frozen', async () => {
    const { connect, producers } = brokers('frozen', 'good')
    const fromMs = performance.now()
    expect(await connectFirst(connect)).toBe(producers[0])
    expect(performance.now() - fromMs).toBeLessThan(800)
  })

  test('once: whoever is slower is closed', async () => {
    const { connect, producers, closed } = brokers('slow', 'good')
    const first = await connectFirst(connect)
    await new Promise((resolve) => setTimeout(resolve, 400))
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
