import { describe, expect, test } from 'vitest'
import { coalesce } from './coalesce.ts'

describe('shared calls', () => {
  test('take whoever asks at once together, and who asks meanwhile next', async () => {
    const batches: number[][] = []
    const gates: (() => void)[] = []
    const ask = coalesce<number, number>(
      async (questions) => {
        batches.push([...questions])
        await new Promise<void>((resolve) => gates.push(resolve))
        return questions.map((question) => question * 10)
      },
      { sizeMax: 3, callsMax: 1 },
    )
    const first = [ask(1), ask(2)]
    await new Promise(setImmediate)
    const second = [ask(3), ask(4), ask(5), ask(6)]
    await new Promise(setImmediate)
    expect(batches).toEqual([[1, 2]])
    for (const _ of [1, 2, 3]) {
      gates.shift()?.()
      await new Promise(setImmediate)
    }
    expect(await Promise.all([...first, ...second])).toEqual([10, 20, 30, 40, 50, 60])
    expect(batches).toEqual([[1, 2], [3, 4, 5], [6]])
  })

  test('fail together, and the next ones are asked anew', async () => {
    let fails = true
    const ask = coalesce<number, number>(
      async (questions) => {
        if (fails) throw new Error('away')
        return questions
      },
      { sizeMax: 10, callsMax: 1 },
    )
    const both = await Promise.allSettled([ask(1), ask(2)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fails = false
    expect(await ask(3)).toBe(3)
  })
})
