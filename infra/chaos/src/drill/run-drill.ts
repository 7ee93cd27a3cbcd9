/** The whole drill: grounds one after another, their cells side by side, one table, one line. */
import type { ChaosOptions } from './arguments.ts'
import type { CellResult } from './cell-result.ts'
import { codeVersion } from './code-version.ts'
import { ROOT_FOLDER } from './folders.ts'
import { nightlyLines, owedOf } from './nightly.ts'
import { onGround } from './on-ground.ts'
import { type GroundPlan, isWanted, planDrill } from './plan.ts'
import { allLine, isClean, lineOf, simulationLine, tableOf } from './report.ts'
import { type Simulated, simulate } from './simulated.ts'
import { addSimulation, addSums, keepSums, readSimulation, readSums, writeRun } from './sums.ts'

/** Seeds have the most to come to: a million. */
const LONG_KINDS = ['seeds', 'seeds', 'seeds', 'seeds', 'seeds', 'liveness', 'pairs'] as const
const LONG_MS = 600_000
const SHORT_MS = 60_000
/** Of each cell of a long run, at least. */
const LONG_FAULTS = 24

/** @returns the exit code: 0 = every fault struck and nothing was found */
export async function runDrill(options: ChaosOptions): Promise<number> {
  const say = (line: string) => void (options.isJson || console.log(line))
  const startedMs = performance.now()
  const isOver = () => performance.now() - startedMs > options.minutes * 60_000
  const results: CellResult[] = []
  let simulated: Simulated | null = null
  let isSound = true
  for (let round = 0; round === 0 || (options.isLong && !isOver()); round += 1) {
    const seed = options.seed + round * 1_000
    for (const plan of planRound({ ...options, seed }, round)) {
      if (round > 0 && isOver()) break
      const done = await onGround(plan, say)
      if (options.isLong) addSums(ROOT_FOLDER, done, codeVersion(ROOT_FOLDER))
      results.push(...done)
    }
    if (!isWanted('simulation', options.only)) continue
    simulated = await simulateRound(options, say)
    isSound &&= simulated.findings.length === 0
  }
  writeRun(ROOT_FOLDER, { line: lineOf(results), options, results, simulated })
  if (options.isKept) keepSums(ROOT_FOLDER)
  const sums = options.isLong ? ['', ...sumsSoFar(options)] : []
  if (options.isJson) console.log(JSON.stringify({ results, simulated }))
  else for (const line of [...tableOf(results), ...sums, '', lineOf(results)]) console.log(line)
  return (results.length === 0 || isClean(results)) && isSound ? 0 : 1
}

/** A long run does everything once, and then what the figures of a night still lack. */
function planRound({ isLong, seed, only }: ChaosOptions, round: number): readonly GroundPlan[] {
  if (!isLong) return planDrill({ seed, only })
  const plan = planDrill({ seed, only, faultsMin: LONG_FAULTS })
  const owed = round === 0 ? [] : owedOf(plan, readSums(ROOT_FOLDER))
  return owed.length === 0 ? plan : planDrill({ seed, only: owed, faultsMin: LONG_FAULTS })
}

function sumsSoFar({ seed }: ChaosOptions): readonly string[] {
  const lines = nightlyLines(planDrill({ seed, only: [] }), readSums(ROOT_FOLDER))
  return ['faults of all long runs, of what a night is to come to:', ...lines]
}

/** A part of the seeds, or, in a long drill, the next of everything that there is. */
async function simulateRound(
  { isLong, seed }: ChaosOptions,
  say: (line: string) => void,
): Promise<Simulated> {
  say('▶ simulation')
  const startedMs = performance.now()
  const isOver = () => performance.now() - startedMs > (isLong ? LONG_MS : SHORT_MS)
  const next = { seeds: 1 + seed * 100_000, liveness: 1 + seed * 10_000, pairs: 1 }
  const run = isLong
    ? await simulate({ kinds: LONG_KINDS, isOver, next: readSimulation(ROOT_FOLDER).next })
    : await simulate({ kinds: ['seeds', 'liveness'], isOver, next })
  for (const finding of run.findings) say(`✖ simulation: ${finding}`)
  say(`✔ simulation: ${simulationLine(run)}`)
  if (!isLong) return run
  const all = addSimulation(ROOT_FOLDER, run, codeVersion(ROOT_FOLDER))
  say(`  all long runs: ${allLine(all)}`)
  return run
}
