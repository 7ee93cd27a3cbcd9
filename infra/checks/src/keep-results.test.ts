import { mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepResults, type ReportOfTests } from './keep-results.ts'

type FileResult = ReportOfTests['testResults'][number]

function kept(...stages: readonly (readonly [string, readonly FileResult[] | null])[]) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'otn-results-'))
  const root = folder.path
  for (const [stage, files] of stages) {
    const report = files && { testResults: files.map((f) => ({ ...f, name: join(root, f.name) })) }
    keepResults({ root, stage, report, nowMs: 7 })
  }
  return JSON.parse(readFileSync(join(root, '.otn/tests.json'), 'utf8')).runs
}

const file = (status: string, ...tests: readonly (readonly [string, string])[]): FileResult => ({
  name: 'packages/a/src/a.test.ts',
  status,
  assertionResults: tests.map(([title, result]) => ({
    ancestorTitles: ['a', 'b'],
    title,
    status: result,
  })),
})
const at = { file: 'packages/a/src/a.test.ts' }

test('each test is kept with its whole title, and passed only where it did', () => {
  const ran = file('failed', ['c', 'passed'], ['d', 'failed'], ['e', 'pending'])
  expect(kept(['unit tests', [ran]])['unit tests']).toEqual({
    endedAt: 7,
    tests: [
      { ...at, title: 'a b c', passed: true },
      { ...at, title: 'a b d', passed: false },
      { ...at, title: 'a b e', passed: false },
    ],
  })
})

test('a file that broke outside its tests is no passed one', () => {
  const broken = { ...at, title: null, passed: false }
  expect(kept(['unit tests', [file('failed')]])['unit tests'].tests).toEqual([broken])
  expect(kept(['unit tests', [file('failed', ['c', 'passed'])]])['unit tests'].tests).toEqual([
    { ...at, title: 'a b c', passed: true },
    broken,
  ])
})

test('a stage replaces what it said itself, and takes it back where it left no report', () => {
  const first = [file('passed', ['c', 'passed'])]
  const runs = kept(['unit tests', first], ['e2e tests', first], ['unit tests', null])
  expect(Object.keys(runs)).toEqual(['e2e tests'])
})
