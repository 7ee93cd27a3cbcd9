import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@otn/kernel'

/**
 * When a webhook that got no 200 goes out again, and what a long failure leads to. Documented are
 * "at once a few more times", "with decreasing frequency", the alert after 15 minutes, the end
 * after one hour or 36; the exact spacing is a guess and therefore a setting.
 */
export interface RetryProfile {
  readonly immediateRetries: number
  readonly immediateDelayMs: number
  readonly laterDelayMs: number
  /** By how much each later wait is longer than the one before. */
  readonly laterFactor: number
  readonly laterDelayMsMax: number
  /** How long nothing was received until the developer is alerted; never when absent. */
  readonly alertAfterMs?: number
  /** How long nothing was received until webhooks are disabled; never when absent. */
  readonly disableAfterMs?: number
  /** How long one event is repeated before it is dropped; for ever when absent. */
  readonly dropAfterMs?: number
}

export const retryProfiles = {
  messenger: {
    immediateRetries: 3,
    immediateDelayMs: SECOND_MS,
    laterDelayMs: 3 * MINUTE_MS,
    laterFactor: 1,
    laterDelayMsMax: 3 * MINUTE_MS,
    alertAfterMs: 15 * MINUTE_MS,
    disableAfterMs: HOUR_MS,
  },
  graph36h: {
    immediateRetries: 1,
    immediateDelayMs: SECOND_MS,
    laterDelayMs: MINUTE_MS,
    laterFactor: 2,
    laterDelayMsMax: HOUR_MS,
    dropAfterMs: 36 * HOUR_MS,
  },
} as const satisfies Readonly<Record<string, RetryProfile>>

/** The wait after a failed post. @param posts how often it went out so far, from 1 */
export function retryDelayMs(profile: RetryProfile, posts: number): number {
  if (posts <= profile.immediateRetries) return profile.immediateDelayMs
  const later = posts - profile.immediateRetries - 1
  return Math.min(profile.laterDelayMs * profile.laterFactor ** later, profile.laterDelayMsMax)
}
