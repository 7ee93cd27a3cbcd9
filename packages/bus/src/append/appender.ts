import type { OutRecord, Position } from '../record.ts'
import type { RefusedPartition } from './refused-partition.ts'

export interface AppenderOptions {
  /** Names the appender in log lines. */
  readonly name?: string
  /** How long a caller waits at most, milliseconds. Default 3000 (the budget of a webhook). */
  readonly deadlineMs?: number
  /** Most records waiting. Default 10 000. */
  readonly queueRecordsMax?: number
  /** Most bytes waiting. Default 32 MiB. */
  readonly queueBytesMax?: number
  /** Nothing more is taken once the oldest waiting record is this old. Default 2000. */
  readonly queueAgeMaxMs?: number
  /** Most records of one send. Default 500. */
  readonly sendRecordsMax?: number
  /** Most bytes of one send. Default 512 KiB; a larger record travels alone. */
  readonly sendBytesMax?: number
  /**
   * How long one send may take before its records are tried again partition by partition. Default
   * 1500: two of them fit into a webhook's budget.
   */
  readonly sendLimitMs?: number
}

export interface AppendOptions {
  /** Overrides the appender's deadline, milliseconds. It never cancels what is in flight. */
  readonly deadlineMs?: number
}

/**
 * What became of one record of a failed append: `acknowledged` = it is in the log; `not-sent` = it
 * is not and will not be; `unknown` = it may be in the log now or a little later.
 */
export type RecordOutcome =
  | { readonly outcome: 'acknowledged'; readonly position: Position }
  | { readonly outcome: 'not-sent' }
  | { readonly outcome: 'unknown' }

/** What health and metrics read. Totals only grow while the appender lives. */
export interface AppenderState {
  /** Records that wait, those in flight not counted. */
  readonly queued: number
  readonly queuedBytes: number
  /**
   * Age of the oldest record that waits for the funnel, milliseconds; 0 when none waits. Records of
   * a partition under trial are not counted: they hold nobody up.
   */
  readonly oldestMs: number
  /** False while no connection to Kafka can be made. */
  readonly isReachable: boolean
  readonly refusedPartitions: readonly RefusedPartition[]
  readonly acknowledgedTotal: number
  /** Records that were sent a second time, because the first send did not settle them. */
  readonly resentTotal: number
  /** Records whose append failed, admission included. */
  readonly failedTotal: number
  readonly producersReplacedTotal: number
}

/**
 * Appends to the log through one funnel: one send in flight, whatever waits goes with the next.
 * Concurrent appends have no order among each other; an append after an awaited one comes later.
 * A record may be in the log twice after a fault (readers drop repeats by `eventId`), never zero
 * times once acknowledged.
 */
export interface Appender {
  /**
   * Resolves when every record is acknowledged by all in-sync replicas, with their positions in
   * the order given. Nothing is queued when a record is too large or its partition refused.
   * @throws OTN_BUS_FULL, OTN_BUS_PARTITION_REFUSED, OTN_BUS_NOT_ACKNOWLEDGED,
   *   OTN_BUS_UNREACHABLE (all retryable), OTN_BUS_RECORD_TOO_LARGE, OTN_BUS_CLOSED (not).
   *   `appendOutcomes(error)` tells what became of each record.
   */
  append(records: readonly OutRecord[], options?: AppendOptions): Promise<readonly Position[]>
  readonly state: AppenderState
  /**
   * Takes nothing more, waits at most `limitMs` for what is queued and in flight, then ends:
   * callers that still wait get OTN_BUS_CLOSED. Never throws.
   */
  close(limitMs: number): Promise<void>
}
