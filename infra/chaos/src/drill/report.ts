/** The table and the one line of a drill. */
import { summaryLine } from '@otn/auditor'
import { summaryOf } from '../simulation/sums.ts'
import type { CellResult } from './cell-result.ts'
import type { Simulated } from './simulated.ts'
import type { SimulationSums } from './sums.ts'
import { foundIn, struckOf, sumOf } from './tallies.ts'

const HEAD = ['cell', 'seed', 'faults', 'exposed', 'commands', 'lost', 'doubled', 'false verdicts']
const HEAD_END = ['unfinished', 'other', 'in doubt', 'rest s', 's']

export function tableOf(results: readonly CellResult[]): readonly string[] {
  const rows = [[...HEAD, ...HEAD_END], ...results.map(rowOf)]
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? []
  const lines = rows.map((row) =>
    row.map((text, at) =>
      at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0),
    ),
  )
  const table = lines.map((cells) => cells.join('  '))
  return [...table, ...results.flatMap(doubtsOf), ...results.flatMap(troublesOf)]
}

/** `faults N · exposed M · lost 0 · …`, over everything that was run. */
export function lineOf(results: readonly CellResult[]): string {
  return summaryLine({
    faults: sumOf(results, ({ faults }) => struckOf(faults).length),
    exposed: sumOf(results, ({ exposed }) => exposed),
    findings: results.flatMap(({ findings }) => findings),
    commands: {
      total: sumOf(results, ({ commands }) => commands.total),
      inDoubt: sumOf(results, ({ commands }) => commands.inDoubt),
    },
  })
}

/** What a round of the simulation ran, at which cost. */
export function simulationLine({ sums, cpuSeconds }: Simulated): string {
  return summaryOf(sums, { user: cpuSeconds * 1e6, system: 0 })
}

/** What was simulated in all, and how many of the pairs of crash points. */
export function allLine({ sums, findings, next, pairs, versions }: SimulationSums): string {
  const { worlds, faults, exposed } = sums
  const done = pairs === null ? 0 : Math.min(next.pairs - 1, pairs)
  return [
    `${worlds} worlds of ${Object.keys(versions).length} versions of the code`,
    `seeds ${next.seeds - 1}, ${faults} faults, ${exposed} commands exposed`,
    `pairs ${done} of ${pairs ?? 'not counted yet'}`,
    `found ${findings}`,
  ].join(' · ')
}

/** Every fault struck, nothing was found, everything came to rest. */
export function isClean(results: readonly CellResult[]): boolean {
  return results.length > 0 && results.every((result) => troublesOf(result).length === 0)
}

function rowOf(result: CellResult): readonly string[] {
  const { name, seed, faults, exposed, commands, findings, restSeconds, seconds } = result
  const count = (column: Parameters<typeof foundIn>[1]) => String(foundIn(findings, column))
  const struck = struckOf(faults).length
  return [
    ...[name, String(seed), struck === faults.length ? `${struck}` : `${struck}/${faults.length}`],
    ...[String(exposed), String(commands.total), count('lost'), count('doubled')],
    ...[count('false verdicts'), count('unfinished'), count(null), String(commands.inDoubt)],
    ...[restSeconds.toFixed(1), seconds.toFixed(0)],
  ]
}

function doubtsOf({ name, doubts }: CellResult): readonly string[] {
  return doubts.length === 0 ? [] : [`? ${name}, in doubt: ${doubts.join(', ')}`]
}

/** Everything that is wrong with a run, in words; empty = clean. */
export function troublesOf({
  name,
  seed,
  faults,
  findings,
  troubles,
}: CellResult): readonly string[] {
  const missed = faults.flatMap(({ id, missed: why }) =>
    why ? [`${id} did not strike: ${why}`] : [],
  )
  const found = findings.map(({ code, subject, sentence }) => `${code}: ${subject}: ${sentence}`)
  return [...missed, ...troubles, ...found].map((text) => `✖ ${name} (seed ${seed}): ${text}`)
}
