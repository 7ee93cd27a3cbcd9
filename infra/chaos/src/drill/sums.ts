/**
 * What is kept under `.otn`: the newest run whole, and the sums of all long ones. A clone begins
 * with the sums that were committed: a night that no machine has in one go is one of several.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noSums, plus } from '../simulation/sums.ts'
import type { ChaosOptions } from './arguments.ts'
import type { CellResult, FaultDone } from './cell-result.ts'
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
export interface CellSums {
  readonly runs: number
  readonly faults: number
  /** Faults by what was done: `kill claim.before`. */
  readonly struck: Readonly<Record<string, number>>
  readonly exposed: number
  readonly commands: number
  readonly inDoubt: number
  readonly findings: number
  readonly troubles: number
  /** Versions of the code that were run, the oldest first. */
  readonly versions: readonly string[]
}

export function writeRun(root: string, done: ChaosRun): void {
  const file = join(folderOf(root), 'chaos.json')
  const run = { at: new Date().toISOString(), ...done }
  writeFileSync(file, `${JSON.stringify(run, null, 1)}\n`)
}

/** By cell. */
export type Sums = Readonly<Record<string, CellSums>>

const SUMS = 'chaos-sums.json'
const SIMULATION = 'chaos-simulation.json'
/** Of the repository. */
const COMMITTED = 'infra/chaos/long-runs'

const sumsFile = (root: string) => fileOf(root, SUMS)

const NONE: CellSums = {
  ...{ runs: 0, faults: 0, struck: {}, exposed: 0, commands: 0, inDoubt: 0 },
  ...{ findings: 0, troubles: 0, versions: [] },
}

export function readSums(root: string): Sums {
  const kept = readJson<Record<string, Partial<CellSums>>>(sumsFile(root)) ?? {}
  return Object.fromEntries(
    Object.entries(kept).map(([name, sums]) => [name, { ...NONE, ...sums }]),
  )
}

/** @param version of the code that ran: {@link codeVersion} */
export function addSums(root: string, results: readonly CellResult[], version: string): void {
  const sums = new Map(Object.entries(readSums(root)))
  for (const result of results) {
    const before = sums.get(result.name) ?? NONE
    sums.set(result.name, { ...added(before, result), versions: withOne(before.versions, version) })
  }
  writeFileSync(sumsFile(root), `${JSON.stringify(Object.fromEntries(sums), null, 1)}\n`)
}

/** What all long runs simulated, and where the next one goes on. */
export interface SimulationSums extends Pick<Simulated, 'sums' | 'next' | 'pairs'> {
  readonly findings: number
  /** Worlds by the version of the code that was run. */
  readonly versions: Readonly<Record<string, number>>
}

const UNBEGUN: SimulationSums = {
  ...{ sums: noSums, findings: 0, pairs: null, versions: {} },
  next: { seeds: 1, liveness: 1, pairs: 1 },
}

const simulationFile = (root: string) => fileOf(root, SIMULATION)

export function readSimulation(root: string): SimulationSums {
  return { ...UNBEGUN, ...readJson<Partial<SimulationSums>>(simulationFile(root)) }
}

/** @param version of the code that ran: {@link codeVersion} */
export function addSimulation(root: string, run: Simulated, version: string): SimulationSums {
  const before = readSimulation(root)
  const { next } = run
  const worlds = (before.versions[version] ?? 0) + run.sums.worlds
  const added: SimulationSums = {
    ...{ sums: plus(before.sums, run.sums), next, pairs: run.pairs ?? before.pairs },
    findings: before.findings + run.findings.length,
    versions: { ...before.versions, [version]: worlds },
  }
  writeFileSync(simulationFile(root), `${JSON.stringify(added, null, 1)}\n`)
  return added
}

function withOne(versions: readonly string[], version: string): readonly string[] {
  return versions.includes(version) ? versions : [...versions, version]
}

function added(before: CellSums, result: CellResult): Omit<CellSums, 'versions'> {
  const { faults, exposed, commands, findings, troubles } = result
  const struck = struckOf(faults)
  return {
    runs: before.runs + 1,
    faults: before.faults + struck.length,
    struck: counted(before.struck, struck),
    exposed: before.exposed + exposed,
    commands: before.commands + commands.total,
    inDoubt: before.inDoubt + commands.inDoubt,
    findings: before.findings + findings.length,
    troubles: before.troubles + troubles.length,
  }
}

function counted(before: CellSums['struck'], faults: readonly FaultDone[]): CellSums['struck'] {
  const sums = new Map(Object.entries(before))
  for (const { id } of faults) sums.set(id, (sums.get(id) ?? 0) + 1)
  return Object.fromEntries(sums)
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

function fileOf(root: string, name: string): string {
  const file = join(folderOf(root), name)
  const committed = join(root, COMMITTED, name)
  if (!existsSync(file) && existsSync(committed)) copyFileSync(committed, file)
  return file
}

/** Writes the sums where they can be committed. */
export function keepSums(root: string): void {
  const folder = join(root, COMMITTED)
  mkdirSync(folder, { recursive: true })
  for (const name of [SUMS, SIMULATION]) {
    const file = fileOf(root, name)
    if (existsSync(file)) copyFileSync(file, join(folder, name))
  }
}
