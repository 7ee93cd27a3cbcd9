/** What the watch keeps of a page between two looks. Pure. */
import type { AlarmEvent } from '@otn/contracts'
import type { PageAlarm } from './page-alarms.ts'

/** A time of which webhooks may be missing, ms. */
export interface Gap {
  readonly startedAt: number
  readonly endedAt: number
}

export interface WatchState {
  /** When everything was last seen as it should be, ms; null = never. */
  readonly lastGoodAt: number | null
  /** When the platform was last asked, ms; null = never. */
  readonly checkedAt: number | null
  /** Null = not seen yet, or the platform did not say. */
  readonly isFollowed: boolean | null
  readonly isAppSubscribed: boolean | null
  readonly missingFields: readonly string[]
  /** Why the platform did not say; one sentence. */
  readonly fault: string | null
  /** Those that stand. */
  readonly alarms: readonly PageAlarm[]
  /** What the log did not take yet, oldest first. */
  readonly owed: readonly AlarmEvent[]
  /** Ids of the other apps that followed the page when all was last well. */
  readonly otherApps: readonly string[]
  /** The last of those that were told, oldest first; for people. */
  readonly gaps: readonly Gap[]
  /** Since when it is connected without a break, ms; null = not looked at yet. */
  readonly watchedFromAt: number | null
  /** Since when the platform does not say how it stands, ms; null = it did when last asked. */
  readonly blindSinceAt: number | null
  /** How many alarms of the page have ended. */
  readonly cleared: number
}

export const neverWatched: WatchState = {
  lastGoodAt: null,
  checkedAt: null,
  isFollowed: null,
  isAppSubscribed: null,
  missingFields: [],
  fault: null,
  alarms: [],
  owed: [],
  otherApps: [],
  gaps: [],
  watchedFromAt: null,
  blindSinceAt: null,
  cleared: 0,
}

/** After a connection whose steps were all seen done. Alarms stay for the watch to clear. */
export function seenWell(before: WatchState, nowMs: number): WatchState {
  const said = { isFollowed: true, isAppSubscribed: true, missingFields: [], fault: null }
  if (before.alarms.length > 0) return { ...before, ...said, checkedAt: nowMs }
  return { ...before, ...said, checkedAt: nowMs, lastGoodAt: nowMs, blindSinceAt: null }
}

/** What a page looks back on; the log has all of them. */
const GAPS_MAX = 20

export function withGap(
  gaps: readonly Gap[],
  gap: { readonly from: number; readonly until: number } | null,
): readonly Gap[] {
  if (gap === null) return gaps
  return [...gaps, { startedAt: gap.from, endedAt: gap.until }].slice(-GAPS_MAX)
}
