import { TOKEN_LIFE_MS } from '@otn/policy'
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

/** How expiry is told: an hour of the clock, and how long before Meta's year ours ends. */
export interface Calendar {
  readonly nowMs: number
  readonly marginMs: number
}

/** First instant at which the token may not be spent any more, ms since the epoch. */
export function expiresAt(grantedAt: number, { marginMs }: Pick<Calendar, 'marginMs'>): number {
  return grantedAt + TOKEN_LIFE_MS - marginMs
}

/** The instant of granting that belongs to an instant of expiry: what a query filters by. */
export function grantedBefore(expiry: number, { marginMs }: Pick<Calendar, 'marginMs'>): number {
  return expiry - TOKEN_LIFE_MS + marginMs
}

/** The state as of now. Only an otherwise live token expires; any other state says more. */
export function stateAt(
  { state, grantedAt }: { readonly state: FoldedState; readonly grantedAt: number },
  calendar: Calendar,
): TokenState {
  const isOver = calendar.nowMs >= expiresAt(grantedAt, calendar)
  return state === 'live' && isOver ? 'expired' : state
}
