/**
 * Whether a connected page still gets its webhooks, and whether its token lasts: what was seen,
 * what of it is an alarm, and from when to when events may be missing. Pure.
 */
import type { AlarmEvent } from '@otn/contracts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@otn/kernel'
import { missingFields } from './webhook-fields.ts'

export type AlarmName =
  | 'app-unsubscribed'
  | 'callback-elsewhere'
  | 'page-unfollowed'
  | 'page-token-refused'
  | 'page-token-expires'

export type Severity = 'warning' | 'critical'

export interface PageAlarm {
  readonly alarm: AlarmName
  readonly severity: Severity
  /** Tells it from an earlier one of the same name: what it began with. */
  readonly cause: string
  readonly detail: string
}

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
}

/** What the platform said; null = it did not, for the reason in `fault`. */
export interface Seen {
  /** Before the platform was asked, and after: what was well may have ended between. */
  readonly fromMs: number
  readonly atMs: number
  readonly subscription: {
    readonly callbackUrl: string
    readonly isActive: boolean
    readonly fields: readonly string[]
  } | null
  readonly isAppRead: boolean
  readonly pageFields: readonly string[] | null
  readonly isPageRead: boolean
  /** Ids of the other apps that follow the page. */
  readonly otherApps: readonly string[]
  readonly token: { readonly isValid: boolean; readonly expiresAt: number | null } | null
  readonly fault: string | null
}

export interface Expected {
  readonly callbackUrl: string
  readonly fields: readonly string[]
  /** When the page was connected, ms: nothing can be missing from before. */
  readonly connectedAt: number
  /** Of the connection: another token makes another alarm. */
  readonly connectionId: string
}

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

/** Days before its end at which a page token is warned of, once each. */
const WARN_DAYS = [30, 7, 1, 0] as const

export function decideWatch(before: WatchState, seen: Seen, expected: Expected): WatchDecision {
  const sinceMs = before.lastGoodAt ?? expected.connectedAt
  const since = String(sinceMs)
  const found = [...subscriptionAlarms(seen, expected), ...tokenAlarms(seen, expected)]
  const now = found.map((alarm) => ({ ...alarm, cause: alarm.cause ?? since }))
  const known = (alarm: PageAlarm) => before.alarms.find((one) => isSame(one, alarm))
  // What cannot be read now neither raises nor clears.
  const isUnread = (alarm: PageAlarm) => isAboutUnread(alarm.alarm, seen)
  const kept = before.alarms.filter(
    (alarm) => isUnread(alarm) && !now.some((one) => isSame(one, alarm)),
  )
  const alarms = [...now.map((alarm) => known(alarm) ?? alarm), ...kept]
  const cleared = before.alarms.filter((alarm) => !alarms.some((one) => isSame(one, alarm)))
  const isMissing = (name: AlarmName) => now.some(({ alarm }) => alarm === name)
  const isPageMissing = isMissing('page-unfollowed')
  const mendsPage = isPageMissing && mayFollow(before, seen)
  // After an hour of failures both must be done again, and the app still looks subscribed.
  const isOurs = seen.isAppRead && !isMissing('callback-elsewhere')
  const isMissed = (alarm: PageAlarm) => SUBSCRIPTION.has(alarm.alarm)
  const isGood = seen.isAppRead && seen.isPageRead && !alarms.some(isMissed)
  const isOver = isGood && before.alarms.some(isMissed)
  const gap = isOver ? { since: sinceMs, from: gapFrom(before, expected), until: seen.atMs } : null
  return {
    state: {
      ...stateOf(seen, expected),
      ...{ alarms, owed: before.owed, gaps: withGap(before.gaps, gap) },
      lastGoodAt: isGood ? seen.fromMs : before.lastGoodAt,
      otherApps: isGood ? seen.otherApps : before.otherApps,
    },
    raised: now.filter((alarm) => known(alarm) === undefined),
    cleared,
    mend: {
      app: isMissing('app-unsubscribed') || (mendsPage && isOurs),
      page: mendsPage,
    },
    gap,
  }
}

/** What a page looks back on; the log has all of them. */
const GAPS_MAX = 20

function withGap(gaps: readonly Gap[], gap: WatchDecision['gap']): readonly Gap[] {
  if (gap === null) return gaps
  return [...gaps, { startedAt: gap.from, endedAt: gap.until }].slice(-GAPS_MAX)
}

/** An hour, and the time until one more repeat of the platform shows that it is over. */
const GIVE_UP_MS = HOUR_MS + 15 * MINUTE_MS

/**
 * For an hour the platform tries again in vain and then gives up what is pending; all that time the
 * subscription still looks fine. A page that was connected anew meanwhile was missing from before.
 * @see Messenger Platform documentation, "Webhooks", on delivery that fails
 */
function gapFrom({ lastGoodAt }: WatchState, { connectedAt }: Expected): number {
  if (lastGoodAt === null) return connectedAt
  return Math.min(lastGoodAt, Math.max(connectedAt, lastGoodAt - GIVE_UP_MS))
}

/**
 * Whether the page may be followed without being asked for: never where nobody saw it followed, nor
 * where another app took our place, which may be what the owner of the page wants.
 */
function mayFollow({ lastGoodAt, otherApps }: WatchState, seen: Seen): boolean {
  if (lastGoodAt === null) return false
  return seen.pageFields !== null || seen.otherApps.every((id) => otherApps.includes(id))
}

/** After a connection whose steps were all seen done. Alarms stay for the watch to clear. */
export function seenWell(before: WatchState, nowMs: number): WatchState {
  const said = { isFollowed: true, isAppSubscribed: true, missingFields: [], fault: null }
  const isQuiet = before.alarms.length === 0
  return { ...before, ...said, checkedAt: nowMs, lastGoodAt: isQuiet ? nowMs : before.lastGoodAt }
}

const SUBSCRIPTION: ReadonlySet<AlarmName> = new Set([
  'app-unsubscribed',
  'callback-elsewhere',
  'page-unfollowed',
])

type Found = Omit<PageAlarm, 'cause'> & { readonly cause: string | null }

function subscriptionAlarms(seen: Seen, expected: Expected): readonly Found[] {
  const found: Found[] = []
  const add = (alarm: AlarmName, detail: string) =>
    found.push({ alarm, severity: 'critical', cause: null, detail })
  if (seen.isAppRead) {
    const { subscription } = seen
    const gone = missingFields(expected.fields, subscription?.fields ?? [])
    if (subscription === null || !subscription.isActive) {
      add('app-unsubscribed', 'The platform sends the app no webhooks of pages any more.')
    } else if (subscription.callbackUrl !== expected.callbackUrl) {
      add('callback-elsewhere', 'Webhooks of the app go to another address than ours.')
    } else if (gone.length > 0) {
      add('app-unsubscribed', `The app is not subscribed to ${gone.join(', ')} any more.`)
    }
  }
  if (seen.isPageRead) {
    const gone = missingFields(expected.fields, seen.pageFields ?? [])
    if (seen.pageFields === null) add('page-unfollowed', unfollowed(seen))
    else if (gone.length > 0) {
      add('page-unfollowed', `The page is not followed with ${gone.join(', ')}.`)
    }
  }
  return found
}

function unfollowed({ otherApps }: Seen): string {
  const beside = otherApps.length === 0 ? '' : ` (followed by app ${otherApps.join(', ')})`
  return `The app does not follow the page any more${beside}.`
}

function tokenAlarms({ token, atMs }: Seen, { connectionId }: Expected): readonly Found[] {
  if (token === null) return []
  const found: Found[] = []
  if (!token.isValid) {
    const detail = 'The platform takes the page token no longer: connect the page again.'
    found.push({ alarm: 'page-token-refused', severity: 'critical', cause: connectionId, detail })
  }
  const { expiresAt } = token
  if (expiresAt === null) return found
  const days = WARN_DAYS.findLast((limit) => expiresAt - atMs <= limit * DAY_MS)
  if (days === undefined) return found
  const ends = new Date(expiresAt).toISOString()
  return [
    ...found,
    {
      alarm: 'page-token-expires',
      severity: days <= 1 ? 'critical' : 'warning',
      cause: `${connectionId}:${days}`,
      detail: `The page token ends at ${ends}: connect the page again.`,
    },
  ]
}

function isSame(one: PageAlarm, other: PageAlarm): boolean {
  // A subscription that is lost stays one alarm while it lasts, whatever field was lost first.
  if (SUBSCRIPTION.has(one.alarm)) return one.alarm === other.alarm
  return one.alarm === other.alarm && one.cause === other.cause
}

function isAboutUnread(alarm: AlarmName, seen: Seen): boolean {
  if (alarm === 'page-unfollowed') return !seen.isPageRead
  return SUBSCRIPTION.has(alarm) ? !seen.isAppRead : seen.token === null
}

function stateOf(
  seen: Seen,
  { callbackUrl, fields }: Expected,
): Omit<WatchState, 'alarms' | 'lastGoodAt' | 'owed' | 'otherApps' | 'gaps'> {
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
