import { DAY_MS } from '@otn/kernel'
import type { FoldedState } from './token.ts'

export type TokenState = FoldedState | 'expired'

export const TOKEN_STATES = [
  'live',
  'reserved',
  'in-doubt',
  'redeemed',
  'expired',
  'rejected',
  'withdrawn',
] as const satisfies readonly TokenState[]

/** A token is good for a year from its creation, leap years included (S0). */
const LIFE_MS = 365 * DAY_MS

/** How expiry is told: an hour of the clock, and how long before Meta's year ours ends. */
export interface Calendar {
  readonly nowMs: number
  readonly marginMs: number
}

/** First instant at which the token may not be spent any more, ms since the epoch. */
export function expiresAt(grantedAt: number, { marginMs }: Pick<Calendar, 'marginMs'>): number {
  return grantedAt + LIFE_MS - marginMs
}

/** The instant of granting that belongs to an instant of expiry: what a query filters by. */
export function grantedBefore(expiry: number, { marginMs }: Pick<Calendar, 'marginMs'>): number {
  return expiry - LIFE_MS + marginMs
}

/** The state as of now. Only an otherwise live token expires; any other state says more. */
export function stateAt(
  { state, grantedAt }: { readonly state: FoldedState; readonly grantedAt: number },
  calendar: Calendar,
): TokenState {
  const isOver = calendar.nowMs >= expiresAt(grantedAt, calendar)
  return state === 'live' && isOver ? 'expired' : state
}
