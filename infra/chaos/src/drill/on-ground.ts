/** The cells of one ground, side by side where they may. */
import type { CellResult } from './cell-result.ts'
import { type Ground, openGround } from './ground.ts'
import type { GroundPlan } from './plan.ts'
import { type CellPlan, runCell } from './run-cell.ts'

/** As many cells at once as leave each of them the time that its leases assume. */
const CELLS_AT_ONCE = 2

type Say = (line: string) => void

/** A ground that this machine cannot give is a trouble of each of its cells, never silence. */
export async function onGround(
  plan: GroundPlan,
  say: Say,
  open = openGround,
): Promise<readonly CellResult[]> {
  say(`▶ ${plan.kind} ground: ${plan.cells.map(({ options }) => options.name).join(', ')}`)
  let ground: Ground
  try {
    ground = await open(plan.kind, say)
  } catch (error) {
    const why = `the ${plan.kind} ground could not be made: ${wordsOf(error)}`
    say(`✖ ${why}`)
    return plan.cells.map((cell) => failed(cell, why))
  }
  await using opened = ground
  return await runCells(opened, plan, say)
}

async function runCells(ground: Ground, plan: GroundPlan, say: Say): Promise<CellResult[]> {
  const waiting = [...plan.cells]
  const done: CellResult[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      done.push(await runOrTell(ground, next, say))
    }
  }
  const lanes = plan.isShared ? CELLS_AT_ONCE : 1
  await Promise.all(Array.from({ length: lanes }, work))
  return done
}

async function runOrTell(ground: Ground, plan: CellPlan, say: Say): Promise<CellResult> {
  try {
    const result = await runCell(ground, plan, say)
    say(`✔ ${result.name} in ${Math.round(result.seconds)} s`)
    return result
  } catch (error) {
    const why = wordsOf(error)
    say(`✖ ${plan.options.name}: ${why}`)
    return failed(plan, why)
  }
}

/** A cell that could not be run at all is a trouble of the run, never silence. */
function failed({ options, family }: CellPlan, why: string): CellResult {
  const nothing = {
    faults: [],
    doubts: [],
    exposed: 0,
    findings: [],
    samples: [],
    seconds: 0,
    restSeconds: 0,
  }
  const commands = { total: 0, inDoubt: 0 }
  return { name: options.name, family, seed: options.seed, ...nothing, commands, troubles: [why] }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
