/**
 * The business clock: expiry, windows, due times and every `at` are read from it, as data.
 * It may be virtual in demo and test mode. Leases, limits and heartbeats never use it.
 */
export interface Clock {
  /** Milliseconds since the epoch, UTC. */
  nowMs(): number
}

/** Milliseconds in the units that rules speak of. */
export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
