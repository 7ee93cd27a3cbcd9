/**
 * What the last run of each kind of test said, kept in `.otn/tests.json`. A kind that runs again
 * replaces what it said before; the others stand.
 */
export interface TestRuns {
  readonly runs: Readonly<Record<string, TestRun>>
}

export interface TestRun {
  /** Milliseconds since the epoch, UTC. */
  readonly endedAt: number
  readonly tests: readonly RanTest[]
}

export interface RanTest {
  /** Relative to the root of the repository. */
  readonly file: string
  /** With the titles around it; null = the file failed before it could name its tests. */
  readonly title: string | null
  readonly passed: boolean
}

const NONE: TestRuns = { runs: {} }

/** What is kept; none where the text is missing or is not what was written. */
export function readTestRuns(text: string | null): TestRuns {
  try {
    const kept: unknown = JSON.parse(text ?? '')
    return isTestRuns(kept) ? kept : NONE
  } catch {
    return NONE
  }
}

/** The same with this run in place of the former one of its name; null = it left no report. */
export function withRun(kept: TestRuns, name: string, run: TestRun | null): TestRuns {
  const others = Object.entries(kept.runs).filter(([other]) => other !== name)
  const all = run === null ? others : [...others, [name, run] as const]
  return { runs: Object.fromEntries(all) }
}

function isTestRuns(value: unknown): value is TestRuns {
  if (!isObject(value) || !isObject(value.runs)) return false
  return Object.values(value.runs).every(
    (run) => isObject(run) && typeof run.endedAt === 'number' && Array.isArray(run.tests),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
