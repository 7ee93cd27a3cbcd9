import { describe, expect, test } from 'vitest'
import type { Mention } from './find-mentions.ts'
import type { Requirement } from './requirement.ts'
import { seedsReport } from './seeds-report.ts'
import type { RanTest } from './test-runs.ts'

const ID = 'S0-04'
const TITLE = `[${ID}] one message`
const OURS = 'services/a/src/a.test.ts'
const SIMULATOR = 'packages/meta-simulator/src/b.test.ts'
const ROW: Requirement = { id: ID, sentence: 'x', parts: ['LED'], done: ['policy'] }
const SHARED: Requirement = { ...ROW, parts: ['LED', 'SIM'], done: ['policy', 'simulator'] }

const mention = (file = OURS): Mention => ({
  id: ID,
  file,
  line: 1,
  title: TITLE,
  pattern: TITLE.replace(/[[\]]/g, '\\$&'),
})
const ran = (passed: boolean, more: Partial<RanTest> = {}): RanTest => ({
  file: OURS,
  title: `a group ${TITLE}`,
  passed,
  ...more,
})

function report(requirement: Requirement, mentions: readonly Mention[], tests: readonly RanTest[]) {
  const runs = { runs: { unit: { endedAt: 1, tests } } }
  return seedsReport({ requirements: [requirement], mentions, runs })
}
const resultOf = (...given: Parameters<typeof report>) => {
  const { rows, isKept } = report(...given)
  return [rows[0]?.result, isKept]
}

describe('[U18] the result of a sentence that is said to be kept', () => {
  test.each<[string, readonly Mention[], readonly RanTest[], string, boolean]>([
    ['passed where all its tests did', [mention()], [ran(true)], 'passed', true],
    ['failed where one did', [mention()], [ran(true), ran(false)], 'failed', false],
    ['not run where no run names a test', [mention()], [], 'not run', true],
    [
      'not run where one of two was',
      [mention(), mention('x.test.ts')],
      [ran(true)],
      'not run',
      true,
    ],
    ['no test where none mentions it', [], [ran(true)], 'no test', false],
    ['no test where the stand-in alone has one', [mention(SIMULATOR)], [], 'no test', false],
    ['failed with a file that broke', [mention()], [ran(false, { title: null })], 'failed', false],
    [
      'not that of a namesake',
      [mention()],
      [ran(false, { file: 'other.test.ts' })],
      'not run',
      true,
    ],
    [
      'that of the file which runs a row of a table',
      [mention('packages/a/test/rows.ts')],
      [ran(true)],
      'passed',
      true,
    ],
  ])('is %s', (_, mentions, tests, result, isKept) => {
    expect(resultOf(ROW, mentions, tests)).toEqual([result, isKept])
  })

  test('is the worst of its shares, each shown by its own tests', () => {
    const both = [mention(), mention(SIMULATOR)]
    const tests = [ran(true), ran(true, { file: SIMULATOR })]
    expect(resultOf(SHARED, both, tests)).toEqual(['passed', true])
    expect(resultOf(SHARED, both, [ran(true), ran(false, { file: SIMULATOR })])).toEqual([
      'failed',
      false,
    ])
    expect(resultOf(SHARED, [mention()], tests)).toEqual(['no test', false])
    expect(resultOf({ ...SHARED, done: ['simulator'] }, both, tests)).toEqual(['open', true])
    expect(resultOf({ ...SHARED, done: ['simulator'] }, [mention()], tests)).toEqual([
      'no test',
      false,
    ])
  })
})

describe('[U18] never green', () => {
  test('is what nobody says is kept, whatever its tests say', () => {
    expect(resultOf({ ...ROW, done: [] }, [mention()], [ran(true)])).toEqual(['open', true])
    expect(resultOf({ ...ROW, done: [] }, [mention()], [ran(false)])).toEqual(['open', true])
  })

  test('is what comes later', () => {
    const later: Requirement = { ...ROW, owner: 'later', done: ['later'] }
    expect(resultOf(later, [mention()], [ran(true)])).toEqual(['later', true])
  })
})

test('the summary counts each share under its owner', () => {
  const done: Requirement = { ...SHARED, done: ['simulator'] }
  const { byOwner } = report(done, [mention(SIMULATOR)], [ran(true, { file: SIMULATOR })])
  expect(byOwner.filter(({ shares }) => shares > 0)).toEqual([
    { owner: 'simulator', shares: 1, results: { passed: 1 } },
    { owner: 'policy', shares: 1, results: { open: 1 } },
  ])
})
