import { expect, test } from 'vitest'
import { GiveUp, waitFor } from './wait-for.ts'

const soon = { timeoutMs: 1_000, intervalMs: 1, describe: 'the fact' }

test('a wait ends with the first answer that is there, and gives it', async () => {
  const answers = [undefined, null, false, 0]
  expect(await waitFor(() => answers.shift(), soon)).toBe(0)
  expect(answers).toEqual([])
})

test('a fact that throws is asked again', async () => {
  let asked = 0
  const fact = (): boolean => {
    asked += 1
    if (asked < 3) throw new Error('not yet')
    return true
  }
  expect(await waitFor(fact, soon)).toBe(true)
})

test('a wait in vain names what it waited for and keeps the last cause', async () => {
  const cause = new Error('no route')
  const wait = waitFor(() => Promise.reject(cause), { ...soon, timeoutMs: 5 })
  await expect(wait).rejects.toMatchObject({
    message: 'waited 5 ms in vain for the fact',
    cause,
  })
})

test('a fact that can never come true ends the wait at once', async () => {
  const cause = new Error('it ended with code 1')
  const fact = (): never => {
    throw new GiveUp(cause)
  }
  await expect(waitFor(fact, { ...soon, timeoutMs: 60_000 })).rejects.toBe(cause)
})
