import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepRun, keptRuns, readRuns } from './keep-run.ts'
import { answersOf, type Run } from './run.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'otn-bench-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const sample = (cpuUs: number) => ({ cpuUs, wallUs: 2 * cpuUs })
const rounds = [1, 2, 3].map((at) => ({
  subject: sample(at * 1.2),
  bare: sample(at),
  twin: sample(at),
}))
const benchmark = {
  control: { of: 'bare', twin: 'twin' },
  questions: [
    {
      ...({ name: 'cost of it', metric: 'cpuUs', subject: 'subject', parts: ['bare'] } as const),
      ...({ form: 'cost', aim: 1.5 } as const),
    },
  ],
}

function runAt(startedAt: string, version: string | null = 'abc', isFull = true): Run {
  const answers = answersOf(benchmark, rounds)
  const said = {
    sentence: 'it beside nothing',
    machine: 'a machine',
    amounts: { units: 3 },
    remarks: [],
  }
  return { benchmark: 'it', version, isFull, startedAt, ...said, answers, rounds }
}

const folders = () => ({ kept: join(home, 'kept'), passing: join(home, 'passing') })

describe('a run', () => {
  test('is kept beside those before it, each with its rounds and what they say', () => {
    keepRun(runAt('2026-01-02'), folders())
    keepRun(runAt('2026-01-01'), folders())
    const runs = readRuns(folders().kept)
    expect(runs.map(({ startedAt }) => startedAt)).toEqual(['2026-01-01', '2026-01-02'])
    expect(answersOf(benchmark, runs[0]?.rounds ?? [])).toEqual(runs[0]?.answers)
    expect(runs[0]?.answers[0]?.word).toBe('reached')
  })

  test('counts among those of its own version only', () => {
    keepRun(runAt('2026-01-01', 'abc'), folders())
    keepRun(runAt('2026-01-02', 'abcd'), folders())
    expect(keptRuns(folders().kept, runAt('', 'abc'))).toBe(1)
    expect(keptRuns(folders().kept, runAt('', 'none'))).toBe(0)
  })

  test('that is small, or of code that is no commit, is none of the results', () => {
    const small = keepRun(runAt('2026-01-01', 'abc', false), folders())
    const uncommitted = keepRun(runAt('2026-01-01', null), folders())
    expect([small, uncommitted]).toEqual(Array(2).fill(join(folders().passing, 'it.json')))
    expect(readRuns(folders().kept)).toEqual([])
  })
})
