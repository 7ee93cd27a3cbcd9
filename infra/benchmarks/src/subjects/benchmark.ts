import type { Ground } from '../ground/ground.ts'
import type { ControlPair, Question } from '../measure/judge.ts'
import type { Contender, Round } from '../measure/sample.ts'

/** One table. */
export interface Benchmark {
  readonly name: string
  /** What is measured, for people. */
  readonly sentence: string
  readonly questions: readonly Question[]
  readonly control: ControlPair
  /** What else the rounds say, a sentence each. */
  readonly remarks?: (rounds: readonly Round[]) => readonly string[]
  /** Starts what is measured and what it is measured against. */
  open(wish: BenchmarkWish): Promise<OpenBenchmark>
}

export interface BenchmarkWish {
  /** Share of the full work of a round, up to 1. */
  readonly scale: number
  readonly ground: Ground
}

export interface OpenBenchmark extends AsyncDisposable {
  readonly contenders: readonly Contender[]
  /** Units of a round and other amounts, to be kept with the rounds. */
  readonly amounts: Readonly<Record<string, number>>
}

/** Whatever was started ends with the benchmark, and not with the opening of it. */
export function opened(
  opening: AsyncDisposableStack,
  contenders: readonly Contender[],
  amounts: OpenBenchmark['amounts'],
): OpenBenchmark {
  const processes = opening.move()
  return { contenders, amounts, [Symbol.asyncDispose]: () => processes.disposeAsync() }
}
