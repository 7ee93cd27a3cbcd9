import { appError } from '@otn/kernel'
import { setting } from '@otn/runtime/settings'
import { describe, expect, test } from 'vitest'
import { createContext } from '../context.ts'
import { type Check, defineCheck } from './check.ts'
import { checks } from './checks.ts'
import { ok, toFix, warn } from './finding.ts'
import type { Place } from './place.ts'
import { runChecks } from './run-checks.ts'

const context = createContext({ flags: {}, env: {}, cwd: '/', readFile: () => null })
const place = { context } as unknown as Place
const look = (...list: readonly Check[]) => runChecks(list, { place, limitMs: 50 })

const good = (id: string, needs: readonly string[] = []) =>
  defineCheck({ id, needs, read: () => null, judge: () => [ok('good')] })
const bad = (id: string, needs: readonly string[] = []) =>
  defineCheck({ id, needs, read: () => null, judge: () => [toFix('bad', 'mend it')] })

describe('the checks of the doctor', () => {
  test('an engine that is away gives one line, and what stands on it is named, not repeated', async () => {
    const { lines, leftOut } = await look(
      bad('kafka'),
      good('topics', ['kafka']),
      good('lag', ['topics']),
      good('node'),
    )
    expect(lines.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'kafka fix',
      'node ok',
    ])
    expect(leftOut).toEqual([
      { check: 'topics', because: 'kafka' },
      { check: 'lag', because: 'kafka' },
    ])
  })

  test('what needs looking at only carries what stands on it', async () => {
    const noisy = defineCheck({ id: 'a', read: () => null, judge: () => [warn('hm')] })
    expect((await look(noisy, good('b', ['a']))).lines).toHaveLength(2)
  })

  test('one that does not answer is given up after its limit, and holds up no other', async () => {
    const silent = defineCheck({ id: 'silent', read: () => new Promise(() => {}), judge: () => [] })
    const { lines } = await look(silent, good('other'))
    expect(lines[0]).toMatchObject({ check: 'silent', verdict: 'fix' })
    expect(lines[0]?.sentence).toContain('no answer within')
    expect(lines[1]).toMatchObject({ check: 'other', verdict: 'ok' })
  })

  test('they run side by side: each may wait for a fact of another', async () => {
    const met = Promise.withResolvers<void>()
    const first = defineCheck({ id: 'a', read: () => met.promise, judge: () => [ok('met')] })
    const second = defineCheck({ id: 'b', read: () => met.resolve(), judge: () => [ok('there')] })
    expect((await look(first, second)).lines.map(({ verdict }) => verdict)).toEqual(['ok', 'ok'])
  })

  test('a fault of a reader is a line; an error that is not ours is not quoted', async () => {
    const thrown = (id: string, error: Error) =>
      defineCheck({ id, read: () => Promise.reject(error), judge: () => [] })
    const { lines } = await look(
      thrown('ours', appError('OTN_BUS_UNREACHABLE', { message: 'Kafka did not answer' })),
      thrown('foreign', new TypeError('password=planted')),
    )
    expect(lines[0]).toMatchObject({ sentence: 'Kafka did not answer', verdict: 'fix' })
    expect(JSON.stringify(lines)).not.toContain('planted')
  })

  test('a setting that is missing is one line that names it', async () => {
    const url = setting.url({ env: 'OTN_SOME_URL', protocols: ['http:'], sentence: 'Somewhere.' })
    const settings = { of: { url }, unset: 'warn' } as const
    const asking = defineCheck({ id: 'a', settings, read: () => null, judge: () => [ok('x')] })
    const { lines, leftOut } = await look(asking, good('b', ['a']))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ verdict: 'warn' })
    expect(lines[0]?.sentence).toContain('OTN_SOME_URL: got missing')
    expect(leftOut).toEqual([{ check: 'b', because: 'a' }])
  })

  test('each stands on checks that are listed before it, under an id of its own', () => {
    const ids = checks.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [index, { id, needs }] of checks.entries()) {
      for (const needed of needs) expect(ids.slice(0, index), `${id} needs`).toContain(needed)
    }
  })
})
