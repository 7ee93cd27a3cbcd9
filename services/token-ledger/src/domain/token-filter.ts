import { type Calendar, grantedBefore, type TokenState } from './expiry.ts'
import type { FoldedState } from './token.ts'

/** What a question by state means to the store, which keeps instants of granting only. */
export interface StateFilter {
  readonly state?: FoldedState
  /** Inclusive. */
  readonly grantedFrom?: number
  /** Exclusive. */
  readonly grantedBefore?: number
}

export interface StateQuestion {
  readonly state?: TokenState | undefined
  /** Tokens that expire before this instant, ms since the epoch. */
  readonly expiresBefore?: number | undefined
}

/** Translates a question; `live` and `expired` part at the instant whose tokens expire now. */
export function stateFilter(question: StateQuestion, calendar: Calendar): StateFilter {
  const { state, expiresBefore } = question
  const border = liveFrom(calendar)
  const asked = expiresBefore === undefined ? null : grantedBefore(expiresBefore, calendar)
  const until = asked === null ? {} : { grantedBefore: asked }
  if (state === undefined) return until
  if (state === 'live') return { ...until, state, grantedFrom: border }
  if (state !== 'expired') return { ...until, state }
  return { state: 'live', grantedBefore: Math.min(border, asked ?? border) }
}

/** Tokens granted before this instant have expired. */
export function liveFrom(calendar: Calendar): number {
  return grantedBefore(calendar.nowMs, calendar) + 1
}
