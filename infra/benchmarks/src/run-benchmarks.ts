/**
 * `pnpm bench [name …] [--rounds 15] [--scale 1]`: runs benchmarks, prints one table for each and
 * keeps the rounds. `pnpm bench page` makes docs/benchmarks.md and its pictures of what is kept,
 * `pnpm bench gate [--record]` runs their small forms and holds them to what is recorded.
 */
import { parseArgs } from 'node:util'
import { openGround } from './ground/ground.ts'
import { interleave } from './measure/interleave.ts'
import { codeVersion, thisMachine } from './measure/machine.ts'
import { FOLDERS, REPOSITORY } from './results/folders.ts'
import { keepRun, keptRuns, RUNS_MAX } from './results/keep-run.ts'
import { answersOf, type Run } from './results/run.ts'
import { recordGate, runGate, sayGated } from './results/run-gate.ts'
import { tableOf } from './results/table.ts'
import { writePage } from './results/write-page.ts'
import type { Benchmark } from './subjects/benchmark.ts'
import { dispatcherAtDistance, dispatcherAtOnce } from './subjects/dispatcher.ts'
import { tapToToken } from './subjects/end-to-end.ts'
import { ingressGarbage, ingressOne, ingressSixteen } from './subjects/ingress.ts'
import { ingressLatency } from './subjects/ingress-latency.ts'
import { projection } from './subjects/projection.ts'
import { sendApi, signedWebhook } from './subjects/simulator.ts'

const ROUNDS_MIN = 15
const BENCHMARKS: readonly Benchmark[] = [
  ingressOne,
  ingressSixteen,
  ingressGarbage,
  ingressLatency,
  projection,
  dispatcherAtOnce,
  dispatcherAtDistance,
  tapToToken,
  sendApi,
  signedWebhook,
]

const text = { type: 'string' } as const
const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { rounds: text, scale: text, record: { type: 'boolean', default: false } },
})
const rounds = Number(values.rounds ?? ROUNDS_MIN)
const scale = Number(values.scale ?? 1)
const say = (line: string) => console.log(line)

const given = {
  kafkaBrokers: process.env.KAFKA_BROKERS?.split(','),
  mongodbUri: process.env.MONGODB_URI,
  schemaRegistryUrl: process.env.SCHEMA_REGISTRY_URL,
}

if (names[0] === 'page') for (const file of writePage()) say(`  ✔ ${file}`)
else if (names[0] === 'gate') await gate()
else {
  const unknown = names.filter((name) => !BENCHMARKS.some((one) => one.name === name))
  const isPossible = Number.isInteger(rounds) && rounds > 0 && scale > 0 && scale <= 1
  if (unknown.length > 0 || !isPossible) fail(unknown)
  await runAll(BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name)))
}

async function runAll(benchmarks: readonly Benchmark[]): Promise<void> {
  const version = codeVersion(REPOSITORY)
  const isFull = rounds >= ROUNDS_MIN && scale === 1
  say(thisMachine().line)
  if (!isFull) say('a small run: it shows that the benchmark works, and is not kept')
  else if (version === null) say('the code is no commit: this run is not kept among the results')
  await using ground = openGround(say, given)
  for (const benchmark of benchmarks) {
    if (isFull && version !== null) {
      const kept = keptRuns(FOLDERS.kept, { benchmark: benchmark.name, version })
      if (kept >= RUNS_MAX) {
        say(`${benchmark.name}: ${kept} runs of ${version} are kept, and there are no more`)
        continue
      }
    }
    try {
      const run = await runOne(benchmark, { version, isFull, ground })
      for (const line of tableOf(run)) say(line)
      say(`  rounds: ${keepRun(run, FOLDERS)}\n`)
    } catch (error) {
      // The others can still be measured; what was refused or lost would make any figure wrong.
      say(`${benchmark.name}: could not be measured: ${error}\n`)
      process.exitCode = 1
    }
  }
}

async function gate(): Promise<void> {
  await using ground = openGround(say, given)
  const gated = await runGate(ground)
  for (const one of gated) say(sayGated(one))
  if (values.record) say(`  ✔ ${recordGate(gated)}`)
  else if (gated.some(({ word }) => word === 'worse')) process.exitCode = 1
}

interface Setting {
  readonly version: string | null
  readonly isFull: boolean
  readonly ground: ReturnType<typeof openGround>
}

async function runOne(benchmark: Benchmark, { version, isFull, ground }: Setting): Promise<Run> {
  const { name, sentence } = benchmark
  const startedAt = new Date().toISOString()
  await using open = await benchmark.open({ scale, ground })
  const measured = await interleave(open.contenders, rounds, (done) => {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${name}: round ${done} of ${rounds}`)
    if (process.stdout.isTTY && done === rounds) process.stdout.write('\r\u001b[K')
  })
  const answers = answersOf(benchmark, measured)
  const machine = thisMachine().line
  const made = { version, isFull, startedAt, machine }
  const said = { benchmark: name, sentence, ...made, amounts: open.amounts }
  return { ...said, answers, remarks: benchmark.remarks?.(measured) ?? [], rounds: measured }
}

function fail(unknown: readonly string[]): never {
  const known = BENCHMARKS.map(({ name }) => name).join(', ')
  const why = unknown.length > 0 ? `unknown: ${unknown.join(', ')}; ` : ''
  process.stderr.write(`${why}there are: ${known}, page, gate; --rounds from 1, --scale up to 1\n`)
  process.exit(2)
}
