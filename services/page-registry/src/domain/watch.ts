/**
 * Whether a connected page still gets its webhooks, and whether its token lasts: what was seen,
 * what of it is an alarm, and from when to when events may be missing. Pure.
 */
import { HOUR_MS, MINUTE_MS } from '@otn/kernel'
import {
  type AlarmName,
  foundAlarms,
  isOfSubscription,
  isSameAlarm,
  isUnread,
  type PageAlarm,
} from './page-alarms.ts'
import type { Expected, Seen } from './seen.ts'
import { neverWatched, type WatchState, withGap } from './watch-state.ts'
import { missingFields } from './webhook-fields.ts'

export interface WatchDecision {
  readonly state: WatchState
  readonly raised: readonly PageAlarm[]
  readonly cleared: readonly PageAlarm[]
  /** What to subscribe again. */
  readonly mend: { readonly app: boolean; readonly page: boolean }
  /**
   * Webhooks of the time between may be missing, ms; told when it is over. `since` names it: when
   * all was last seen well, or the page connected.
   */
  readonly gap: { readonly since: number; readonly from: number; readonly until: number } | null
}

export function decideWatch(before: WatchState, seen: Seen, expected: Expected): WatchDecision {
  const isRead = seen.isAppRead && seen.isPageRead
  const blindSinceAt = isRead ? null : (before.blindSinceAt ?? seen.atMs)
  const gap = gapOf(before, expected, seen.atMs)
  const now = foundAlarms(seen, expected, blindSinceAt).map((alarm) => ({
    ...{ ...alarm, cause: alarm.cause ?? String(gap.since), episode: before.cleared },
  }))
  const known = (alarm: PageAlarm) => before.alarms.find((one) => isSameAlarm(one, alarm))
  // What cannot be read now neither raises nor clears.
  const kept = before.alarms.filter(
    (alarm) => isUnread(alarm, seen) && !now.some((one) => isSameAlarm(one, alarm)),
  )
  const alarms = [...now.map((alarm) => known(alarm) ?? alarm), ...kept]
  const cleared = before.alarms.filter((alarm) => !alarms.some((one) => isSameAlarm(one, alarm)))
  const isGood = isRead && !alarms.some(isOfSubscription)
  const ended = isGood && before.alarms.some(isOfSubscription) ? gap : null
  return {
    state: {
      ...stateOf(seen, expected),
      ...{ alarms, blindSinceAt, owed: before.owed, gaps: withGap(before.gaps, ended) },
      lastGoodAt: isGood ? seen.fromMs : before.lastGoodAt,
      otherApps: isGood ? seen.otherApps : before.otherApps,
      watchedFromAt: before.watchedFromAt ?? expected.connectedAt,
      cleared: before.cleared + cleared.length,
    },
    raised: now.filter((alarm) => known(alarm) === undefined),
    cleared,
    mend: mendOf(now, before, seen),
    gap: ended,
  }
}

function mendOf(now: readonly PageAlarm[], before: WatchState, seen: Seen): WatchDecision['mend'] {
  const isMissing = (name: AlarmName) => now.some(({ alarm }) => alarm === name)
  const page = isMissing('page-unfollowed') && mayFollow(before, seen)
  // After an hour of failures both must be done again, and the app still looks subscribed.
  const isOurs = seen.isAppRead && !isMissing('callback-elsewhere')
  return { app: isMissing('app-unsubscribed') || (page && isOurs), page }
}

/**
 * With the connection everything ends that the watch would have ended: nobody looks from now on.
 * What was told of stays told.
 */
export function decideLeaving(
  before: WatchState,
  { connectedAt, nowMs }: { readonly connectedAt: number; readonly nowMs: number },
): Pick<WatchDecision, 'state' | 'cleared' | 'gap'> {
  const isMissed = before.alarms.some(isOfSubscription)
  const gap = isMissed ? gapOf(before, { connectedAt }, nowMs) : null
  const { alarms: cleared, owed, gaps } = before
  const state = { ...neverWatched, owed, gaps: withGap(gaps, gap) }
  return { state: { ...state, cleared: before.cleared + cleared.length }, cleared, gap }
}

/** An hour, and the time until one more repeat of the platform shows that it is over. */
const GIVE_UP_MS = HOUR_MS + 15 * MINUTE_MS

/**
 * For an hour the platform tries again in vain and then gives up what is pending; all that time the
 * subscription still looks fine. A new token in between does not move where it begins.
 * @see Messenger Platform documentation, "Webhooks", on delivery that fails
 */
function gapOf(before: WatchState, { connectedAt }: Pick<Expected, 'connectedAt'>, until: number) {
  const { lastGoodAt } = before
  const begin = before.watchedFromAt ?? connectedAt
  const from = lastGoodAt === null ? begin : Math.max(begin, lastGoodAt - GIVE_UP_MS)
  return { since: lastGoodAt ?? begin, from: Math.min(from, lastGoodAt ?? from), until }
}

/**
 * Whether the page may be followed without being asked for: never where nobody saw it followed, nor
 * where another app took our place, which may be what the owner of the page wants.
 */
function mayFollow({ lastGoodAt, otherApps }: WatchState, seen: Seen): boolean {
  if (lastGoodAt === null) return false
  return seen.pageFields !== null || seen.otherApps.every((id) => otherApps.includes(id))
}

function stateOf(
  seen: Seen,
  { callbackUrl, fields }: Expected,
): Pick<WatchState, 'checkedAt' | 'isFollowed' | 'isAppSubscribed' | 'missingFields' | 'fault'> {
  const { subscription } = seen
  const isOurs = subscription?.isActive === true && subscription.callbackUrl === callbackUrl
  return {
    checkedAt: seen.atMs,
    isFollowed: seen.isPageRead ? seen.pageFields !== null : null,
    isAppSubscribed: seen.isAppRead ? isOurs : null,
    missingFields: seen.isPageRead ? missingFields(fields, seen.pageFields ?? []) : [],
    fault: seen.fault,
  }
}
