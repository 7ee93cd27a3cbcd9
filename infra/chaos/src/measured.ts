/** Runs worlds, and prints what they were and what the processor had to do for them. */
import { type Ended, tally } from './simulation/run-simulation.ts'
import { summaryOf } from './simulation/sums.ts'
import type { WorldOptions } from './simulation/world.ts'

/** Bounded by counts, never by time: the same seeds give the same verdicts everywhere. */
export const SLOW_MS = 600_000

/** @returns the sums, and how much faster than life the worlds went, in CPU time */
export async function measured(what: string, worlds: Iterable<WorldOptions>, ended?: Ended) {
  const before = process.cpuUsage()
  const sums = await tally(worlds, { ended })
  const cpu = process.cpuUsage(before)
  console.log(`${what}: ${summaryOf(sums, cpu)}`)
  return { ...sums, ratio: (sums.seconds * 1e6) / (cpu.user + cpu.system) }
}
