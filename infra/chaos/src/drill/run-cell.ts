/** One cell from its start to its verdict: faults under traffic, rest, audit, rebuild. */
import { type Cell, openCell } from './cell.ts'
import type { CellOptions } from './cell-options.ts'
import type { CellResult, FaultDone, Sample } from './cell-result.ts'
import type { Exercise, Family } from './exercise.ts'
import type { Ground } from './ground.ts'
import { keepLogs } from './keep-logs.ts'
import { troublesOf } from './report.ts'
import { untilAllReady, untilAtRest } from './rest.ts'
import { auditOf, commandsOf, doubtsOf, rebuild } from './verdict.ts'

export interface CellPlan {
  readonly options: CellOptions
  readonly family: Family
  readonly exercises: readonly Exercise[]
  /** Whether MongoDB is dropped at the end and everything rebuilt from the log. */
  readonly endsWithRebuild: boolean
  /** How long the cell may take to come to rest once everything is healed. */
  readonly patienceMs: number
}

const SAMPLE_MS = 500
const WARM_STORIES = 3

export async function runCell(
  ground: Ground,
  plan: CellPlan,
  say: (line: string) => void,
): Promise<CellResult> {
  const startedMs = performance.now()
  const sinceStart = () => performance.now() - startedMs
  await using cell = await openCell(ground, plan.options)
  const samples: Sample[] = []
  const sampler = setInterval(() => samples.push(sampleOf(cell, sinceStart())), SAMPLE_MS)
  try {
    await warmUp(cell)
    cell.traffic.run()
    const exposed = new Set<string>()
    const faults: FaultDone[] = []
    for (const exercise of plan.exercises) {
      const done = await strike(cell, exercise, { exposed, sinceStart })
      faults.push(done)
      say(`  ${done.missed ? '✖' : '·'} ${plan.options.name}: ${done.id}${because(done.missed)}`)
    }
    await cell.traffic.pause()
    const rest = await comeToRest(cell, plan)
    const troubles = [
      ...cell.traffic.failures(),
      ...rest.troubles,
      ...(await rebuiltOf(cell, plan)),
      ...(await unreadOf(cell)),
    ]
    const result = {
      ...{ name: plan.options.name, family: plan.family, seed: plan.options.seed, faults },
      exposed: exposed.size,
      commands: commandsOf(cell),
      doubts: doubtsOf(cell),
      findings: auditOf(cell),
      ...{ troubles, samples },
      seconds: sinceStart() / 1_000,
      restSeconds: rest.seconds,
    }
    if (troublesOf(result).length > 0) keepLogs(cell.home, cell.options)
    return result
  } finally {
    clearInterval(sampler)
  }
}

/** A few stories from end to end: a fault in a cell that never worked would prove nothing. */
async function warmUp(cell: Cell): Promise<void> {
  for (let count = 0; count < WARM_STORIES; count += 1) {
    const id = cell.traffic.name()
    const plain = { copies: 1, isPosted: false, waitMs: null }
    const wish = { ...plain, id, topic: 'restock-0', text: 'Warm' }
    await cell.traffic.tell({ isConsented: true, topic: 'restock-0', wishes: [wish] })
  }
  const { isReached, missing } = await untilAtRest(cell, 60_000)
  if (!isReached) throw new Error(`${cell.options.name} never worked: ${missing.join('; ')}`)
}

interface Striking {
  readonly exposed: Set<string>
  readonly sinceStart: () => number
}

async function strike(
  cell: Cell,
  { id, run }: Exercise,
  { exposed, sinceStart }: Striking,
): Promise<FaultDone> {
  const fromMs = sinceStart()
  const mine = new Set(cell.traffic.open())
  let missed: string | null = null
  try {
    await run(cell)
  } catch (error) {
    missed = error instanceof Error ? error.message : String(error)
  }
  for (const key of cell.traffic.open()) mine.add(key)
  for (const key of missed === null ? mine : []) exposed.add(key)
  return { id, fromMs, toMs: sinceStart(), exposed: mine.size, missed }
}

async function comeToRest(
  cell: Cell,
  { patienceMs }: CellPlan,
): Promise<{ readonly troubles: readonly string[]; readonly seconds: number }> {
  try {
    await untilAllReady(cell)
  } catch (error) {
    return { troubles: [String(error)], seconds: 0 }
  }
  const { isReached, missing, tookMs } = await untilAtRest(cell, patienceMs)
  return { troubles: isReached ? [] : missing, seconds: tookMs / 1_000 }
}

async function rebuiltOf(cell: Cell, plan: CellPlan): Promise<readonly string[]> {
  if (!plan.endsWithRebuild) return []
  try {
    const { unequal, calls } = await rebuild(cell)
    return [
      ...(unequal.length === 0 ? [] : [`rebuilt from the log, not equal: ${unequal.join('; ')}`]),
      ...(calls === 0 ? [] : [`the rebuild made ${calls} calls`]),
    ]
  } catch (error) {
    return [`the rebuild failed: ${error instanceof Error ? error.message : String(error)}`]
  }
}

/** The last records of a log are its latest faults: a verdict without them would be too good. */
async function unreadOf({ log }: Cell): Promise<readonly string[]> {
  try {
    await log.untilRead()
    return []
  } catch (error) {
    return [`not judged: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function sampleOf({ traffic, meta }: Cell, atMs: number): Sample {
  const { published, consents } = traffic
  const delivered = meta.truth().deliveries.length
  return {
    ...{ atMs, delivered },
    published: published.size,
    open: traffic.open().length,
    consents: consents.length,
  }
}

function because(missed: string | null): string {
  return missed === null ? '' : ` did not strike: ${missed}`
}
