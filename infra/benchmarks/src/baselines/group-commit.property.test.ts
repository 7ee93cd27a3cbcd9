import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byCallers, groupCommit } from './group-commit.ts'

test('every item is sent once, within the limits, before its caller goes on', async () => {
  const wish = fc.record({
    count: fc.nat(60),
    callers: fc.integer({ min: 1, max: 20 }),
    sizeMax: fc.integer({ min: 1, max: 10 }),
    sendsMax: fc.integer({ min: 1, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(wish, async ({ count, callers, sizeMax, sendsMax }) => {
      const sent: number[] = []
      let [open, most] = [0, 0]
      const send = async (items: readonly number[]) => {
        open += 1
        most = Math.max(most, open)
        expect(items.length).toBeLessThanOrEqual(sizeMax)
        await nextTurn()
        sent.push(...items)
        open -= 1
      }
      const commit = groupCommit(send, { sizeMax, sendsMax })
      const items = Array.from({ length: count }, (_, at) => at)
      await byCallers(items, callers, async (item) => {
        await commit(item)
        expect(sent).toContain(item)
      })
      expect(sent.toSorted((a, b) => a - b)).toEqual(items)
      expect(most).toBeLessThanOrEqual(sendsMax)
    }),
    { numRuns: 40 },
  )
})

test('a send that fails fails those it took, and the next one goes out', async () => {
  let isBroken = true
  const commit = groupCommit<string>(
    async () => {
      if (isBroken) throw new Error('not acknowledged')
    },
    { sizeMax: 10, sendsMax: 1 },
  )
  await expect(commit('a')).rejects.toThrow('not acknowledged')
  isBroken = false
  await expect(commit('b')).resolves.toBeUndefined()
})
