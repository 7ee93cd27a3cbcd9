/** What is kept under `.otn`: the newest run whole, and the sums of all long ones. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noSums, plus } from '../simulation/sums.ts'
import type { ChaosOptions } from './arguments.ts'
import type { CellResult } from './cell-result.ts'
import type { Simulated } from './simulated.ts'
import { struckOf } from './tallies.ts'

export interface ChaosRun {
  readonly options: ChaosOptions
  readonly results: readonly CellResult[]
  readonly simulated: Simulated | null
  /** The closing line. */
  readonly line: string
}

/** Sums of one cell over all long runs, by its name. */
interface CellSums {
  readonly runs: number
  readonly faults: number
  readonly exposed: number
  readonly commands: number
  readonly inDoubt: number
  readonly findings: number
  readonly troubles: number
}

export function writeRun(root: string, done: ChaosRun): void {
  const file = join(folderOf(root), 'chaos.json')
  const run = { at: new Date().toISOString(), ...done }
  writeFileSync(file, `${JSON.stringify(run, null, 1)}\n`)
}

export function addSums(root: string, results: readonly CellResult[]): void {
  const file = join(folderOf(root), 'chaos-sums.json')
  const sums = new Map(Object.entries(readJson<Record<string, CellSums>>(file) ?? {}))
  for (const result of results) sums.set(result.name, added(sums.get(result.name), result))
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(sums), null, 1)}\n`)
}

/** What all long runs simulated, and where the next one goes on. */
export interface SimulationSums extends Pick<Simulated, 'sums' | 'next' | 'pairs'> {
  readonly findings: number
}

const UNBEGUN: SimulationSums = {
  ...{ sums: noSums, findings: 0, pairs: null },
  next: { seeds: 1, liveness: 1, pairs: 1 },
}

const simulationFile = (root: string) => join(folderOf(root), 'chaos-simulation.json')

export function readSimulation(root: string): SimulationSums {
  return { ...UNBEGUN, ...readJson<Partial<SimulationSums>>(simulationFile(root)) }
}

export function addSimulation(root: string, run: Simulated): SimulationSums {
  const before = readSimulation(root)
  const { next } = run
  const added: SimulationSums = {
    ...{ sums: plus(before.sums, run.sums), next, pairs: run.pairs ?? before.pairs },
    findings: before.findings + run.findings.length,
  }
  writeFileSync(simulationFile(root), `${JSON.stringify(added, null, 1)}\n`)
  return added
}

function added(before: CellSums | undefined, result: CellResult): CellSums {
  const { faults, exposed, commands, findings, troubles } = result
  return {
    runs: (before?.runs ?? 0) + 1,
    faults: (before?.faults ?? 0) + struckOf(faults).length,
    exposed: (before?.exposed ?? 0) + exposed,
    commands: (before?.commands ?? 0) + commands.total,
    inDoubt: (before?.inDoubt ?? 0) + commands.inDoubt,
    findings: (before?.findings ?? 0) + findings.length,
    troubles: (before?.troubles ?? 0) + troubles.length,
  }
}

function readJson<T extends object>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

function folderOf(root: string): string {
  const folder = join(root, '.otn')
  mkdirSync(folder, { recursive: true })
  return folder
}
