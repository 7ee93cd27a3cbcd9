import { describe, expect, test } from 'vitest'
import { recentEnd } from './recent-end.ts'

function start() {
  let nowMs = 0
  let asked = 0
  let isAway = false
  const ask = async (): Promise<readonly bigint[]> => {
    if (isAway) throw new Error('Kafka is away')
    asked += 1
    return [BigInt(asked)]
  }
  return {
    end: recentEnd(ask, () => nowMs),
    asked: () => asked,
    pass: (ms: number) => {
      nowMs += ms
    },
    goAway: () => {
      isAway = true
    },
  }
}

describe('where the log ended a moment ago', () => {
  test('is asked for once by all callers of a second', async () => {
    const { end, asked, pass } = start()
    await Promise.all([end(), end()])
    pass(999)
    await end()
    expect(asked()).toBe(1)
    pass(1)
    await end()
    expect(asked()).toBe(2)
  })

  test('is the last known end while Kafka does not answer', async () => {
    const { end, pass, goAway } = start()
    await end()
    goAway()
    pass(5_000)
    expect(await end()).toEqual([1n])
  })

  test('is an error where none was ever known', async () => {
    const { end, goAway } = start()
    goAway()
    await expect(end()).rejects.toThrow('Kafka is away')
  })
})
