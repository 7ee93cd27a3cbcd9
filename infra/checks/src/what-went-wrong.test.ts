import { expect, test } from 'vitest'
import { COULD_NOT_BE_CARRIED_OUT, whatWentWrong } from './what-went-wrong.ts'

const assertion = (title: string, status: string, ...failureMessages: string[]) => ({
  ancestorTitles: ['a'],
  title,
  status,
  failureMessages,
})

const file = (status: string, ...assertionResults: readonly ReturnType<typeof assertion>[]) => ({
  name: '/repo/packages/a/src/a.test.ts',
  status,
  message: 'no such module',
  assertionResults,
})

test('what failed is told with its file, its title and what it said last', () => {
  const ran = file('failed', assertion('b', 'passed'), assertion('c', 'failed', 'first', 'last'))
  expect(whatWentWrong({ testResults: [ran] }, '/repo')).toEqual({
    failed: ['  packages/a/src/a.test.ts: a c\n  last'],
    secondTry: [],
  })
})

test('what passed only when it was tried again is told as that', () => {
  const ran = file('passed', assertion('b', 'passed', 'ECONNRESET'), assertion('c', 'passed'))
  expect(whatWentWrong({ testResults: [ran] }, '/repo')).toEqual({
    failed: [],
    secondTry: ['  packages/a/src/a.test.ts: a b\n  ECONNRESET'],
  })
})

test('a file that broke outside its tests is told too', () => {
  expect(whatWentWrong({ testResults: [file('failed')] }, '/repo').failed).toEqual([
    '  packages/a/src/a.test.ts: the file itself\n  no such module',
  ])
})

test('only a test that could not be carried out is tried again, never one that saw a promise broken', async () => {
  const verdicts: unknown[] = []
  const fails = async (check: () => unknown) => {
    try {
      await check()
    } catch (error) {
      verdicts.push(error)
    }
  }
  await fails(() => expect(1).toBe(2))
  await fails(() => expect({ a: 1 }).toMatchObject({ a: 2 }))
  await fails(() => expect(Promise.resolve(1)).rejects.toThrow())
  await fails(() => expect(Promise.reject(new Error('no'))).resolves.toBe(1))
  await fails(() => expect.poll(() => 1, { timeout: 1 }).toBe(2))
  await fails(() => expect('long text').toMatch(/short/))
  expect(verdicts).toHaveLength(6)
  for (const verdict of verdicts) {
    expect((verdict as Error).message).not.toMatch(COULD_NOT_BE_CARRIED_OUT)
  }
  expect('This server does not host this topic-partition').toMatch(COULD_NOT_BE_CARRIED_OUT)
  expect('Test timed out in 5000ms.').toMatch(COULD_NOT_BE_CARRIED_OUT)
})
