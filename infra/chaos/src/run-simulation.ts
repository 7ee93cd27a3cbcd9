/**
 * `node infra/chaos/src/run-simulation.ts [--seeds N] [--from S] [--seed S] [--pair N]
 * [--liveness | --pairs | --fault-pairs] [--json]`: `--seed` and `--pair` print the trace of one;
 * else a summary, or the sums as JSON. `--pairs` takes pairs of crash points in place of seeds, and
 * `--fault-pairs` pairs of any two faults at any two calls. Exits with 1 where something was found.
 */
import { parseArgs } from 'node:util'
import { atCrashPoints } from './simulation/crash-points.ts'
import { seedsOf, tally, traceOf } from './simulation/run-simulation.ts'
import { listAllRows, Pairs } from './simulation/singles.ts'
import { summaryOf } from './simulation/sums.ts'
import type { WorldOptions } from './simulation/world.ts'

const FINDINGS_SHOWN = 20

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    pair: { type: 'string' },
    liveness: { type: 'boolean', default: false },
    pairs: { type: 'boolean', default: false },
    'fault-pairs': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})

if (values.pair !== undefined) {
  const pairs = await listPairs()
  await printOne(pairs.at(Number(values.pair) - 1))
} else if (values.seed !== undefined) {
  const seed = Number(values.seed)
  const [options = { seed }] = seedsOf({ from: seed, count: 1, isLiveness: values.liveness })
  await printOne(options)
} else await runMany()

async function printOne(options: WorldOptions): Promise<void> {
  const lines = await traceOf(options)
  for (const line of lines) console.log(line)
  process.exitCode = lines.at(-1)?.startsWith('BROKEN') ? 1 : 0
}

async function listPairs(): Promise<Pairs> {
  const rows = await listAllRows()
  return new Pairs(values['fault-pairs'] ? rows : atCrashPoints(rows))
}

async function runMany(): Promise<void> {
  const [from, count] = [values.from, values.seeds].map(Number)
  if (!from || !count) throw new Error('--from and --seeds want whole numbers above 0')
  const before = process.cpuUsage()
  const pairs = values.pairs || values['fault-pairs'] ? await listPairs() : null
  const worlds = pairs
    ? slice(pairs, { from, count })
    : seedsOf({ from, count, isLiveness: values.liveness })
  const { coverage: _, findings, ...sums } = await tally(worlds)
  const shown = findings.slice(0, FINDINGS_SHOWN)
  if (values.json) {
    const cpu = process.cpuUsage(before)
    const cpuSeconds = (cpu.user + cpu.system) / 1e6
    console.log(JSON.stringify({ sums, findings: shown, cpuSeconds, pairs: pairs?.count ?? null }))
  } else {
    for (const { seed, rule, detail } of shown) {
      console.log(`seed ${seed}: ${rule}: ${detail.slice(0, 300)}`)
    }
    console.log(summaryOf(sums, process.cpuUsage(before)))
  }
  process.exitCode = findings.length > 0 ? 1 : 0
}

/** @param from counted from 1 */
function* slice(
  pairs: Pairs,
  { from, count }: { readonly from: number; readonly count: number },
): Generator<WorldOptions> {
  const end = Math.min(pairs.count, from - 1 + count)
  for (let index = from - 1; index < end; index += 1) yield pairs.at(index)
}
