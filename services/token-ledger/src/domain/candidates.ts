import type { EventId, TokenId } from '@otn/kernel'
import type { Consent } from './consent.ts'
import { type Calendar, expiresAt, stateAt, type TokenState } from './expiry.ts'
import type { TokenView } from './token.ts'

/** A token as a dispatcher may choose it, with its sealed part as it came. */
export interface Candidate {
  readonly tokenId: TokenId
  readonly topic: string | null
  readonly state: TokenState
  readonly expiresAt: number
  readonly refusals: number
  readonly grantedAt: number
  /** Of the opt-in: what `sealed` is bound to. */
  readonly eventId: EventId
  readonly keyId: string
  readonly sealed: Buffer
}

interface Known {
  readonly tokenId: TokenId
  readonly view: TokenView
  readonly consent: Consent
}

export function candidateOf({ tokenId, view, consent }: Known, calendar: Calendar): Candidate {
  const { eventId, keyId, sealed } = consent
  return {
    tokenId,
    topic: view.topic,
    state: stateAt(view, calendar),
    expiresAt: expiresAt(view.grantedAt, calendar),
    refusals: view.refusals,
    grantedAt: view.grantedAt,
    eventId,
    keyId,
    sealed,
  }
}

/**
 * In the order they are to be tried (design 5): fewest refusals, then what expires first. Live ones
 * come before all others, so that a limit never hides a token that could be spent.
 */
export function inTryingOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  return [...candidates].sort(
    (a, b) =>
      Number(b.state === 'live') - Number(a.state === 'live') ||
      a.refusals - b.refusals ||
      a.expiresAt - b.expiresAt ||
      (a.tokenId < b.tokenId ? -1 : 1),
  )
}
