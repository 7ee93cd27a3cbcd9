import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type RanTest, readTestRuns, withRun } from '@otn/seeds'
import { TEST_RUNS_FILE } from '@otn/seeds/repository'

/** What the runner's JSON report says of its tests; messages and stacks are left alone. */
export interface ReportOfTests {
  readonly testResults: readonly {
    /** Absolute path. */
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

export interface Kept {
  readonly root: string
  readonly stage: string
  /** Null where the stage left none: what it said before counts no more. */
  readonly report: ReportOfTests | null
  readonly nowMs: number
}

/** Puts what a stage said in place of what it said last time, for `pnpm otn seeds`. */
export function keepResults({ root, stage, report, nowMs }: Kept): void {
  const path = join(root, TEST_RUNS_FILE)
  const run = report && { endedAt: nowMs, tests: testsOf(report, root) }
  const text = JSON.stringify(withRun(readTestRuns(read(path)), stage, run))
  mkdirSync(dirname(path), { recursive: true })
  // Whoever reads meanwhile gets the old one whole.
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

function testsOf({ testResults }: ReportOfTests, root: string): readonly RanTest[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = relative(root, name)
    const tests = assertionResults.map((test) => ({
      file,
      title: [...test.ancestorTitles, test.title].join(' '),
      passed: test.status === 'passed',
    }))
    const isBroken = status !== 'passed' && tests.every(({ passed }) => passed)
    return isBroken ? [...tests, { file, title: null, passed: false }] : tests
  })
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
