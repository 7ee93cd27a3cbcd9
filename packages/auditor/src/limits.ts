import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@otn/kernel'

/** How far apart instants may be before they speak of a fault. Milliseconds, where not a count. */
export interface Limits {
  /** Two processes read two clocks, and each reads its own before it writes to the store. */
  readonly clockGraceMs: number
  /** What stands on another partition or Kafka topic may be read this much later. */
  readonly readGraceMs: number
  /** A record may become readable so much after others that brokers took later: replicas lag. */
  readonly replicaGraceMs: number
  /** How long what was decided may wait to be told, after a crash between the two. */
  readonly tellMs: number
  /** How long after a withdrawal an attempt may still be claimed; the call is gated once more. */
  readonly withdrawalMs: number
  /** A command without any fact. */
  readonly unansweredMs: number
  /** An attempt that nothing closes: at the latest after an hour it is in doubt (design 5). */
  readonly unfinishedMs: number
  /** A wait that should have ended. */
  readonly overdueMs: number
  /** A verdict in doubt without evidence. */
  readonly doubtMs: number
  /** Attempts after the first one of unknown outcome. */
  readonly probesMax: number
  /** A token's year, without the margin that the dispatcher keeps. */
  readonly tokenLifeMs: number
}

/** The limits of design 5 and 10, with room for what is slow without being wrong. */
export const defaultLimits: Limits = {
  clockGraceMs: 10 * SECOND_MS,
  readGraceMs: 10 * SECOND_MS,
  replicaGraceMs: 30 * SECOND_MS,
  tellMs: 2 * MINUTE_MS,
  withdrawalMs: MINUTE_MS,
  unansweredMs: 15 * MINUTE_MS,
  unfinishedMs: 70 * MINUTE_MS,
  overdueMs: HOUR_MS,
  doubtMs: HOUR_MS,
  probesMax: 3,
  tokenLifeMs: 365 * DAY_MS,
}
