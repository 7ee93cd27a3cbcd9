/** What one round says of one contender. */
export interface Sample {
  /** CPU time of the process under test, user and system, all of its threads; µs for each unit. */
  readonly cpuUs: number
  /** µs for each unit. */
  readonly wallUs: number
  /** Where calls came by themselves: µs from the instant when each was due. */
  readonly p50Us?: number
  readonly p99Us?: number
  readonly p999Us?: number
  /** Calls that took longer than a second. */
  readonly aboveOneSecond?: number
}

/** What may be compared. */
export type Metric = 'cpuUs' | 'wallUs' | 'p99Us'

/** One thing that is measured; a round is the same number of units each time. */
export interface Contender {
  readonly name: string
  /** Does the work of one round. */
  round(): Promise<Sample>
}

/** Samples by the name of the contender. */
export type Round = Readonly<Record<string, Sample>>
