import { describe, expect, test } from 'vitest'
import { readTestRuns, withRun } from './test-runs.ts'

const run = (endedAt: number) => ({ endedAt, tests: [{ file: 'a', title: 'b', passed: true }] })

describe('what runs of tests said', () => {
  test('stands until that kind of test runs again, beside the other kinds', () => {
    const first = withRun(withRun(readTestRuns(null), 'unit', run(1)), 'e2e', run(2))
    const { runs } = readTestRuns(JSON.stringify(withRun(first, 'unit', run(3))))
    expect(runs).toEqual({ e2e: run(2), unit: run(3) })
  })

  test('counts no more once that kind ran and left no report', () => {
    const kept = withRun(withRun(readTestRuns(null), 'unit', run(1)), 'e2e', run(2))
    expect(withRun(kept, 'unit', null).runs).toEqual({ e2e: run(2) })
  })

  test.each([null, '', '{', '[]', 'null', '{"runs":{"unit":{}}}'])('is nothing in %j', (text) => {
    expect(readTestRuns(text)).toEqual({ runs: {} })
  })
})
