import type { Fate, Mutant } from './mutant.ts'

/** What came of the mutants of a file, or of a group. */
export interface Score {
  readonly mutants: number
  readonly killed: number
  readonly survived: number
  readonly notCovered: number
  /** Out of time, and not for sure killed by it. */
  readonly unknown: number
  /** Killed of all, 0 to 100; 0 where there was nothing to kill. */
  readonly percent: number
}

export function scoreOf(mutants: readonly Mutant[]): Score {
  const count = (fate: Fate) => mutants.filter((mutant) => mutant.fate === fate).length
  const killed = count('killed')
  return {
    mutants: mutants.length,
    killed,
    survived: count('survived'),
    notCovered: count('not covered'),
    unknown: count('unknown'),
    percent: mutants.length === 0 ? 0 : (100 * killed) / mutants.length,
  }
}

/** One table: the files of each group, then the group. */
export function scoreTable(groups: ReadonlyMap<string, readonly Mutant[]>): string {
  const rows = [...groups].flatMap(([group, mutants]) => [
    ...[...Map.groupBy(mutants, ({ file }) => file)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, own]) => row(file, scoreOf(own))),
    row(`= ${group}`, scoreOf(mutants)),
    '',
  ])
  return [heading(), ...rows].join('\n')
}

const NAME_WIDTH = 60
const CELL_WIDTH = 9

function heading(): string {
  return line('file', ['mutants', 'killed', 'survived', 'no cover', 'unknown', 'score'])
}

function row(name: string, score: Score): string {
  const { mutants, killed, survived, notCovered, unknown, percent } = score
  const counts = [mutants, killed, survived, notCovered, unknown].map(String)
  return line(name, [...counts, `${percent.toFixed(1)} %`])
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padStart(CELL_WIDTH)).join('')}`
}
