import type { Comparison } from '../measure/interleave.ts'

/** One row of the table. */
export interface Benchmark {
  readonly name: string
  /** What is counted, and against what. */
  readonly sentence: string
  /** The ratio that is aimed at; at most. */
  readonly goal: number
  run(rounds: number): Promise<Comparison>
}
