/** The tests of the repository that this file stands in, and what their last run said. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findMentions, type Mention, type SourceFile } from './find-mentions.ts'
import { findRuleTests, type RuleTest } from './find-rule-tests.ts'
import { readTestRuns, type TestRuns } from './test-runs.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Where `pnpm test` keeps what the runs said, relative to the root. */
export const TEST_RUNS_FILE = '.otn/tests.json'

const PLACES = [
  '{packages,services,infra}/**/*.test.ts',
  '{packages,services,infra}/*/test/**/*.ts',
]
const NOT_OURS = new Set(['node_modules', 'dist'])

export interface SeedsSources {
  readonly mentions: readonly Mention[]
  readonly runs: TestRuns
}

/** Reads some hundred files; a second. */
export function readRepository(): SeedsSources {
  const mentions = readTestFiles().flatMap(findMentions)
  return { mentions, runs: readTestRuns(textOf(TEST_RUNS_FILE)) }
}

/** Where the tests of this repository name rules of the policy. */
export function readRuleTests(rules: ReadonlySet<string>): readonly RuleTest[] {
  return readTestFiles().flatMap((file) => findRuleTests(file, rules))
}

function readTestFiles(): readonly SourceFile[] {
  const found = globSync(PLACES, { cwd: ROOT, exclude: (name) => NOT_OURS.has(name) })
  return [...new Set(found)].toSorted().map((path) => ({ path, text: textOf(path) ?? '' }))
}

function textOf(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return null
  }
}
