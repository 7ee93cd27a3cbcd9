/** What is told of a token's end: 30, 7 and 1 days before it expires, and that it has expired. */
import { DAY_MS } from '@otn/kernel'
import { type Calendar, expiresAt, grantedBefore } from './expiry.ts'

/** Days before the expiry, in the order of time; 0 = it has expired. */
export const NOTICES = [30, 7, 1, 0] as const
export type Notice = (typeof NOTICES)[number]

/** Tokens that are owed a notice: told `after` last, and granted before the instant. */
export interface NoticeBorder {
  /** Null = nothing was told yet. */
  readonly after: number | null
  /** Exclusive, ms since the epoch. */
  readonly grantedBefore: number
}

/** Which tokens are owed their next notice as of now, by what was told of them. */
export function noticeBorders(calendar: Calendar): readonly NoticeBorder[] {
  return NOTICES.map((notice, index) => ({
    after: NOTICES[index - 1] ?? null,
    grantedBefore: grantedBefore(calendar.nowMs + notice * DAY_MS, calendar) + 1,
  }))
}

interface Noticed {
  readonly grantedAt: number
  /** When its opt-in was received. */
  readonly receivedAt: number
  /** The last notice told; null = none. */
  readonly noticed: number | null
}

/**
 * The one notice that is due next, however late: none is passed over, so a token that met all
 * borders while nobody looked is told of each. Only where the opt-in itself came after the expiry
 * nobody is told that it is going to expire.
 */
export function nextNotice(token: Noticed, calendar: Calendar): Notice | null {
  const end = expiresAt(token.grantedAt, calendar)
  const open = NOTICES.filter((notice) => notice < (token.noticed ?? Infinity))
  const next = token.receivedAt >= end ? open.at(-1) : open[0]
  if (next === undefined) return null
  return calendar.nowMs >= end - next * DAY_MS ? next : null
}
