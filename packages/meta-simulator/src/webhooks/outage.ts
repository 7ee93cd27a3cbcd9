import type { RetryProfile } from './retry-profile.ts'

/** For how long a callback has received nothing. */
export interface Outage {
  /** When the first post failed since the last one that was received; null when none has. */
  readonly sinceMs: number | null
  /** Posts that failed since then. */
  readonly posts: number
  readonly alerted: boolean
}

export const noOutage: Outage = { sinceMs: null, posts: 0, alerted: false }

/** An hour of failures is many posts; fewer are a jump of the clock in a short failure. */
const POSTS_MIN = 5

export interface AfterPost {
  readonly outage: Outage
  readonly news: 'none' | 'alert' | 'disable'
}

export interface Posted {
  readonly wasReceived: boolean
  readonly nowMs: number
}

/**
 * What a post means for the outage. It is looked at when a post ends, never by a timer, so that a
 * jump of the clock by itself cannot make an outage out of one failure: the repeat comes first.
 */
export function afterPost(outage: Outage, posted: Posted, profile: RetryProfile): AfterPost {
  if (posted.wasReceived) return { outage: noOutage, news: 'none' }
  const sinceMs = outage.sinceMs ?? posted.nowMs
  const posts = outage.posts + 1
  const lastsMs = posted.nowMs - sinceMs
  const { alertAfterMs = Infinity, disableAfterMs = Infinity } = profile
  if (lastsMs >= disableAfterMs && posts >= POSTS_MIN) return { outage: noOutage, news: 'disable' }
  const isNews = lastsMs >= alertAfterMs && !outage.alerted
  return {
    outage: { sinceMs, posts, alerted: outage.alerted || isNews },
    news: isNews ? 'alert' : 'none',
  }
}
