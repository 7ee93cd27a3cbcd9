/** `pnpm bench [name …]`: runs benchmarks, prints one table, keeps rounds under `.otn/bench`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Comparison } from './measure/interleave.ts'
import type { Ratio } from './measure/median-ratio.ts'
import type { Benchmark } from './subjects/benchmark.ts'
import { sendApi, signedWebhook } from './subjects/simulator.ts'

const ROUNDS = 15
/** A control wider than this around 1 says that the machine was too noisy to claim anything. */
const CONTROL_MAX = 0.05
const FOLDER = join(import.meta.dirname, '../../..', '.otn/bench')
const BENCHMARKS: readonly Benchmark[] = [sendApi, signedWebhook]

const names = process.argv.slice(2)
const unknown = names.filter((name) => !BENCHMARKS.some((one) => one.name === name))
if (unknown.length > 0) {
  const known = BENCHMARKS.map(({ name }) => name).join(', ')
  process.stderr.write(`unknown: ${unknown.join(', ')}; there are: ${known}\n`)
  process.exit(2)
}

const [{ model = 'unknown' } = {}] = cpus()
console.log(`${cpus().length} × ${model}, node ${process.version}, ${ROUNDS} rounds\n`)
for (const benchmark of BENCHMARKS) {
  if (names.length > 0 && !names.includes(benchmark.name)) continue
  const comparison = await benchmark.run(ROUNDS)
  print(benchmark, comparison)
  mkdirSync(FOLDER, { recursive: true })
  const file = join(FOLDER, `${benchmark.name}.json`)
  writeFileSync(file, `${JSON.stringify({ ...benchmark, ...comparison }, null, 2)}\n`)
}

function print({ name, sentence, goal }: Benchmark, { ratio, control }: Comparison): void {
  const isVoid = Math.abs(control.median - 1) > CONTROL_MAX
  const verdict = ratio.median <= goal ? 'reached' : 'missed'
  console.log(`${name}: ${sentence}`)
  console.log(`  ratio   ${told(ratio)}   goal ≤ ${goal}: ${isVoid ? 'void' : verdict}`)
  console.log(`  control ${told(control)}${isVoid ? '   too noisy: nothing is claimed' : ''}\n`)
}

function told({ median, low, high }: Ratio): string {
  return `${median.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`
}
