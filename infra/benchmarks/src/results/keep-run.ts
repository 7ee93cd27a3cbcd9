/**
 * Where runs are kept. At most five of one benchmark and one version of the code, none thrown away:
 * whoever measures until a figure is pleasant, shows it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Run } from './run.ts'

export const RUNS_MAX = 5

export interface Folders {
  /** Committed. */
  readonly kept: string
  /** Small runs, and those of code that is no commit. */
  readonly passing: string
}

/** @returns how many runs of this version are kept already */
export function keptRuns(folder: string, { benchmark, version }: NamedRun): number {
  return filesOf(folder).filter((name) => name.startsWith(`${benchmark}.${version}.`)).length
}

type NamedRun = Pick<Run, 'benchmark' | 'version'>

/** @returns the file it was written to */
export function keepRun(run: Run, { kept, passing }: Folders): string {
  const { benchmark, version, isFull } = run
  const isKept = isFull && version !== null
  const name = isKept ? `${benchmark}.${version}.${keptRuns(kept, run) + 1}` : benchmark
  const folder = isKept ? kept : passing
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.json`)
  // A kept run is never written over.
  const flag = isKept ? 'wx' : 'w'
  writeFileSync(file, `${JSON.stringify(shortened(run), null, 1)}\n`, { flag })
  return file
}

/** Every run that is kept, oldest first. */
export function readRuns(folder: string): readonly Run[] {
  return filesOf(folder)
    .filter((name) => name !== 'gate.json')
    .map((name): Run => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

/** A hundredth of a microsecond is far below the noise. */
function shortened(run: Run): object {
  const hundredths = (value: number) => Number(value.toFixed(2))
  const rounds = run.rounds.map((round) =>
    Object.fromEntries(
      Object.entries(round).map(([contender, sample]) => [
        contender,
        Object.fromEntries(
          Object.entries(sample).map(([name, value]) => [name, hundredths(value)]),
        ),
      ]),
    ),
  )
  return { ...run, rounds }
}
