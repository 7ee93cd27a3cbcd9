/** Sentence → tests → result, for every requirement; none is forgotten. */
import type { Mention } from './find-mentions.ts'
import { idsIn } from './ids-in.ts'
import { type Owner, ownerOf, owners, type Requirement, sharersOf } from './requirement.ts'
import type { RanTest, TestRuns } from './test-runs.ts'

/** Of one test; `not run`: no report of a run names it. */
export type TestResult = 'passed' | 'failed' | 'not run'

/** Of a requirement or an owner's share in it. Only `passed` is green. */
export type Result = TestResult | 'no test' | 'open' | 'later'

export interface ShownBy extends Omit<Mention, 'id' | 'pattern'> {
  readonly result: TestResult
}

/** What one owner builds of a requirement. */
export interface Share {
  readonly owner: Owner
  readonly result: Result
}

export interface SeedsRow {
  readonly requirement: Requirement
  readonly result: Result
  readonly shares: readonly Share[]
  readonly tests: readonly ShownBy[]
}

export interface OwnerSummary {
  readonly owner: Owner
  readonly shares: number
  /** Only results that occur. */
  readonly results: Readonly<Partial<Record<Result, number>>>
}

export interface SeedsReport {
  readonly rows: readonly SeedsRow[]
  readonly byOwner: readonly OwnerSummary[]
  /** Whether no share that is said to be built lacks a test or has one that fails. */
  readonly isKept: boolean
}

export interface SeedsInput {
  readonly requirements: readonly Requirement[]
  readonly mentions: readonly Mention[]
  readonly runs: TestRuns
}

const SIMULATOR_FOLDER = 'packages/meta-simulator/'

/** From bad to good: the first that a share has is the result of the whole. */
const WORST_FIRST: readonly Result[] = ['failed', 'no test', 'later', 'open', 'not run', 'passed']

export function seedsReport({ requirements, mentions, runs }: SeedsInput): SeedsReport {
  const ran = ranById(runs)
  const rows = requirements.map((requirement) => {
    const own = mentions.filter(({ id }) => id === requirement.id)
    const tests = own.map((mention) => shownBy(mention, ran.get(mention.id) ?? []))
    return rowOf(requirement, tests)
  })
  const isKept = rows.every(({ result }) => result !== 'failed' && result !== 'no test')
  return { rows, byOwner: owners.map((owner) => summaryOf(owner, rows)), isKept }
}

interface RanById {
  get(id: string): readonly RanTest[] | undefined
}

function ranById({ runs }: TestRuns): RanById {
  const tests = Object.values(runs).flatMap((run) => run.tests)
  const byId = new Map<string, RanTest[]>()
  const broken = tests.filter(({ title }) => title === null)
  for (const test of tests) {
    for (const id of idsIn(test.title ?? '')) byId.set(id, [...(byId.get(id) ?? []), test])
  }
  return { get: (id) => [...(byId.get(id) ?? []), ...broken] }
}

function shownBy({ file, line, title, pattern }: Mention, ran: readonly RanTest[]): ShownBy {
  const whole = new RegExp(pattern)
  // A row of a table may lie beside the file that runs it.
  const isOfRun = ({ file: runFile }: RanTest) => runFile === file || !isTestFile(file)
  const mine = ran.filter((test) =>
    test.title === null ? test.file === file : isOfRun(test) && whole.test(test.title),
  )
  return { file, line, title, result: resultOf(mine) }
}

function isTestFile(file: string): boolean {
  return file.endsWith('.test.ts')
}

function resultOf(ran: readonly RanTest[]): TestResult {
  if (ran.length === 0) return 'not run'
  return ran.every(({ passed }) => passed) ? 'passed' : 'failed'
}

function rowOf(requirement: Requirement, tests: readonly ShownBy[]): SeedsRow {
  const shares = sharersOf(requirement).map((owner) => shareOf(owner, { requirement, tests }))
  const results = shares.map(({ result }) => result)
  return { requirement, result: worstOf(results), shares, tests }
}

function shareOf(
  owner: Owner,
  { requirement, tests }: Pick<SeedsRow, 'requirement' | 'tests'>,
): Share {
  if (owner === 'later') return { owner, result: 'later' }
  if (!requirement.done.includes(owner)) return { owner, result: 'open' }
  const own = tests.filter(({ file }) => speaksFor(owner, { file, requirement }))
  if (own.length === 0) return { owner, result: 'no test' }
  return { owner, result: worstOf(own.map(({ result }) => result)) }
}

/** The stand-in's own tests show the stand-in alone; of a share in two they are the only ones. */
function speaksFor(
  owner: Owner,
  { file, requirement }: { readonly file: string; readonly requirement: Requirement },
): boolean {
  const isOfStandIn = file.startsWith(SIMULATOR_FOLDER)
  if (owner !== 'simulator') return !isOfStandIn
  return isOfStandIn || ownerOf(requirement) === 'simulator'
}

function worstOf(results: readonly Result[]): Result {
  return WORST_FIRST.find((result) => results.includes(result)) ?? 'no test'
}

function summaryOf(owner: Owner, rows: readonly SeedsRow[]): OwnerSummary {
  const shares = rows.flatMap((row) => row.shares.filter((share) => share.owner === owner))
  const counted = WORST_FIRST.toReversed().flatMap((result) => {
    const count = shares.filter((share) => share.result === result).length
    return count === 0 ? [] : [[result, count] as const]
  })
  return { owner, shares: shares.length, results: Object.fromEntries(counted) }
}
