/** The simulation's part of a drill: both cores, in slices, each a process of its own. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { noSums, plus, type Sums } from '../simulation/sums.ts'

const PROGRAM = fileURLToPath(new URL('../run-simulation.ts', import.meta.url))

export type SliceKind = 'seeds' | 'liveness' | 'pairs'

/** How much of one kind runs in one process. */
const SLICES: Readonly<Record<SliceKind, number>> = {
  seeds: 10_000,
  liveness: 5_000,
  pairs: 20_000,
}

/** Where each kind goes on, from 1. */
export type Next = Readonly<Record<SliceKind, number>>

export interface Simulated {
  readonly sums: Sums
  readonly cpuSeconds: number
  readonly findings: readonly string[]
  readonly next: Next
  /** How many pairs there are; null where none was run yet. */
  readonly pairs: number | null
}

export interface Slice {
  readonly kind: SliceKind
  readonly from: number
}

export interface SliceAnswer {
  readonly sums: Sums
  readonly cpuSeconds: number
  readonly findings: readonly { readonly seed: number; readonly rule: string }[]
  readonly pairs: number | null
}

export interface Simulation {
  readonly kinds: readonly [SliceKind, ...SliceKind[]]
  /** Asked before each slice. */
  readonly isOver: () => boolean
  readonly next: Next
}

/** Runs slices of the kinds in turn until the time is over; the last ones end what they began. */
export async function simulate(options: Simulation, run = runSlice): Promise<Simulated> {
  const { kinds } = options
  let done: Simulated = {
    ...{ sums: noSums, cpuSeconds: 0, findings: [], pairs: null },
    next: options.next,
  }
  let turn = 0
  const take = (): Slice | null => {
    const open = kinds.filter((kind) => kind !== 'pairs' || !hasAllPairs(done))
    const kind = open[turn % open.length]
    if (options.isOver() || kind === undefined) return null
    turn += 1
    const from = done.next[kind]
    done = { ...done, next: { ...done.next, [kind]: from + SLICES[kind] } }
    return { kind, from }
  }
  const work = async (): Promise<void> => {
    for (let slice = take(); slice !== null; slice = take()) {
      const answer = await run(slice)
      // Only now, for the others went on meanwhile: what they added stands in `done`.
      done = added(done, slice, answer)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  return done
}

/** Every pair has had its turn. */
function hasAllPairs({ next, pairs }: Simulated): boolean {
  return pairs !== null && next.pairs > pairs
}

function added(done: Simulated, { kind }: Slice, answer: SliceAnswer): Simulated {
  const findings = answer.findings.map(({ seed, rule }) => `${kind} ${seed}: ${rule}`)
  return {
    ...done,
    sums: plus(done.sums, answer.sums),
    cpuSeconds: done.cpuSeconds + answer.cpuSeconds,
    findings: [...done.findings, ...findings],
    pairs: answer.pairs ?? done.pairs,
  }
}

async function runSlice({ kind, from }: Slice): Promise<SliceAnswer> {
  const range = ['--from', String(from), '--seeds', String(SLICES[kind]), '--json']
  const args = ['--max-semi-space-size=32', '--disable-warning=ExperimentalWarning', PROGRAM]
  const mode = kind === 'seeds' ? [] : [`--${kind}`]
  const child = spawn(process.execPath, [...args, ...range, ...mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const part of child.stdout) text += part
  if (text === '') throw new Error(`the simulation said nothing of ${kind} from ${from} on`)
  return JSON.parse(text)
}
