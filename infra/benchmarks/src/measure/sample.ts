/** What one round says of one contender, per unit of work. */
export interface Sample {
  /** CPU time of the process under test, user and system, all of its threads, µs. */
  readonly cpuUs: number
  readonly wallUs: number
}

/** One thing that is measured; a round is the same number of units each time. */
export interface Contender {
  readonly name: string
  /** Does the work of one round. */
  round(): Promise<Sample>
}

/** Samples by the name of the contender. */
export type Round = Readonly<Record<string, Sample>>
