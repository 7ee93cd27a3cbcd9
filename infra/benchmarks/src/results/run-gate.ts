/** Runs the small forms, and holds each figure to the one that was recorded. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ground } from '../ground/ground.ts'
import { interleave } from '../measure/interleave.ts'
import type { Contender } from '../measure/sample.ts'
import type { Benchmark } from '../subjects/benchmark.ts'
import { dispatcherAtOnce } from '../subjects/dispatcher.ts'
import { ingressOne } from '../subjects/ingress.ts'
import { projection } from '../subjects/projection.ts'
import { FOLDERS } from './folders.ts'
import { type GateWord, gateWord } from './gate.ts'
import { type Answer, answersOf, told } from './run.ts'

export interface Gated {
  readonly benchmark: string
  readonly answer: Answer
  readonly recorded: number | undefined
  readonly word: GateWord
}

const GATED: readonly Benchmark[] = [ingressOne, projection, dispatcherAtOnce]
const ROUNDS = 5
const SCALE = 0.1
const RECORD = join(FOLDERS.kept, 'gate.json')

/** The first question of each is the one it is held to. */
export async function runGate(ground: Ground): Promise<readonly Gated[]> {
  const recorded = readRecorded()
  const gated: Gated[] = []
  for (const benchmark of GATED) {
    const answer = await small(benchmark, ground)
    const { [benchmark.name]: before } = recorded
    const word = gateWord(answer, before)
    gated.push({ benchmark: benchmark.name, answer, recorded: before, word })
  }
  return gated
}

/** Records what the gate is held to from now on; for a quiet machine. */
export function recordGate(gated: readonly Gated[]): string {
  const figures = gated.map(({ benchmark, answer }) => [
    benchmark,
    Number(answer.ratio.median.toFixed(3)),
  ])
  const content = JSON.stringify(Object.fromEntries(figures), null, 2)
  writeFileSync(RECORD, `${content}\n`)
  return RECORD
}

export function sayGated({ benchmark, answer, recorded, word }: Gated): string {
  const { ratio, control } = answer
  const before = recorded === undefined ? 'nothing' : recorded.toFixed(2)
  return `${benchmark} ${told(ratio)}, recorded ${before}, control ${told(control)}: ${word}`
}

async function small({ questions, control, open }: Benchmark, ground: Ground): Promise<Answer> {
  const first = questions.slice(0, 1)
  await using opened = await open({ scale: SCALE, ground })
  const needed = first.flatMap(({ subject, parts }) => [subject, ...parts])
  const isNeeded = ({ name }: Contender) => [...needed, control.of, control.twin].includes(name)
  const rounds = await interleave(opened.contenders.filter(isNeeded), ROUNDS)
  const [answer] = answersOf({ questions: first, control }, rounds)
  if (answer === undefined) throw new Error('a benchmark without a question')
  return answer
}

function readRecorded(): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(RECORD, 'utf8'))
  } catch {
    return {}
  }
}
