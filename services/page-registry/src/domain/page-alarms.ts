/** What is wrong with a page as it was seen, each as an alarm. Pure. */
import { DAY_MS, MINUTE_MS } from '@otn/kernel'
import type { Expected, Seen } from './seen.ts'
import { missingFields } from './webhook-fields.ts'

export type AlarmName =
  | 'app-unsubscribed'
  | 'callback-elsewhere'
  | 'page-unfollowed'
  | 'page-token-refused'
  | 'page-token-expires'
  | 'watch-blind'

export interface PageAlarm {
  readonly alarm: AlarmName
  readonly severity: 'warning' | 'critical'
  /** Tells it from an earlier one of the same name: what it began with. */
  readonly cause: string
  /** How many alarms of the page had ended before: the same cause may come twice. */
  readonly episode?: number
  readonly detail: string
}

/** An alarm that has no cause of its own begins where all was last well. */
export type Found = Omit<PageAlarm, 'cause' | 'episode'> & { readonly cause: string | null }

/** Days before its end at which a page token is warned of, once each. */
const WARN_DAYS = [30, 7, 1, 0] as const

/** As the platform's own patience with us: one failed call is no news. */
const BLIND_MS = 15 * MINUTE_MS

const SUBSCRIPTION: ReadonlySet<AlarmName> = new Set([
  'app-unsubscribed',
  'callback-elsewhere',
  'page-unfollowed',
])

/** Whether webhooks of the page may be missing while it stands. */
export function isOfSubscription({ alarm }: PageAlarm): boolean {
  return SUBSCRIPTION.has(alarm)
}

/** @param blindSince since when nobody says how the page stands, ms; null = it says */
export function foundAlarms(
  seen: Seen,
  expected: Expected,
  blindSince: number | null,
): readonly Found[] {
  const isAppAt = seen.isAppRead ? appAlarm(seen.subscription, expected) : null
  return [
    ...(isAppAt === null ? [] : [isAppAt]),
    ...(seen.isPageRead ? pageAlarms(seen, expected) : []),
    ...tokenAlarms(seen, expected),
    ...blindAlarms(seen, blindSince),
  ]
}

/** What is wrong with the subscription of the app; null = it is as it should be. */
export function appAlarm(
  subscription: Seen['subscription'],
  { callbackUrl, fields }: Pick<Expected, 'callbackUrl' | 'fields'>,
): Found | null {
  const critical = { severity: 'critical', cause: null } as const
  const gone = missingFields(fields, subscription?.fields ?? [])
  if (subscription === null || !subscription.isActive) {
    const detail = 'The platform sends the app no webhooks of pages any more.'
    return { alarm: 'app-unsubscribed', ...critical, detail }
  }
  if (subscription.callbackUrl !== callbackUrl) {
    const detail = 'Webhooks of the app go to another address than ours.'
    return { alarm: 'callback-elsewhere', ...critical, detail }
  }
  if (gone.length === 0) return null
  const detail = `The app is not subscribed to ${gone.join(', ')} any more.`
  return { alarm: 'app-unsubscribed', ...critical, detail }
}

function pageAlarms(seen: Seen, { fields }: Expected): readonly Found[] {
  const gone = missingFields(fields, seen.pageFields ?? [])
  if (gone.length === 0) return []
  const lacking = `The page is not followed with ${gone.join(', ')}.`
  const detail = seen.pageFields === null ? unfollowed(seen) : lacking
  return [{ alarm: 'page-unfollowed', severity: 'critical', cause: null, detail }]
}

function blindAlarms({ atMs, fault }: Seen, blindSince: number | null): readonly Found[] {
  if (blindSince === null || atMs - blindSince < BLIND_MS) return []
  const why = fault === null ? '.' : `: ${fault}.`
  const detail = `Whether webhooks still come is not known, for the platform does not say${why}`
  return [{ alarm: 'watch-blind', severity: 'critical', cause: String(blindSince), detail }]
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

/** Whether both are one alarm that goes on. */
export function isSameAlarm(one: PageAlarm, other: PageAlarm): boolean {
  // A subscription that is lost stays one alarm while it lasts, whatever field was lost first.
  if (SUBSCRIPTION.has(one.alarm)) return one.alarm === other.alarm
  return one.alarm === other.alarm && one.cause === other.cause
}

/** Whether the look could not tell if it still holds. */
export function isUnread({ alarm }: PageAlarm, seen: Seen): boolean {
  if (alarm === 'page-unfollowed') return !seen.isPageRead
  if (SUBSCRIPTION.has(alarm)) return !seen.isAppRead
  return alarm !== 'watch-blind' && seen.token === null
}
