/**
 * What was withdrawn, and whether it stops a token: of one token for good, of a person, of a topic
 * or of both up to an instant. Looked up under keys, so that one read before a call tells.
 */
import type { TokenEvent } from '@otn/contracts'
import { DAY_MS, type PageId, type PersonId, type TokenId } from '@otn/kernel'
import type { ProposedToken } from './choose-token.ts'

export interface Withdrawal {
  readonly key: string
  /** Consents granted up to this instant are withdrawn; of a token it decides nothing. */
  readonly at: number
}

/** What is about to be called upon: a token, or (null) the window that a person opened. */
export interface ConsentToCall {
  readonly tokenId: TokenId | null
  readonly pageId: PageId
  readonly person: PersonId
  readonly topic: string | null
  /** When consent or window were given, or the earliest instant at which they can have been. */
  readonly grantedAt: number
}

export interface CallToMake {
  readonly content: { readonly pageId: PageId; readonly topic?: string | null }
  readonly person: PersonId
  /** Null = the call names the person. */
  readonly token: ProposedToken | null
  /** Of a message without a token: when the person last acted; null = of a question. */
  readonly actedAt: number | null
}

/** What a withdrawal may stop; null = nothing that could be withdrawn. */
export function consentToCall({
  content: { pageId, topic = null },
  person,
  token,
  actedAt,
}: CallToMake): ConsentToCall | null {
  if (token !== null) {
    const { tokenId, topic: agreed } = token
    return { pageId, person, tokenId, topic: agreed, grantedAt: earliestGrant(token) }
  }
  if (actedAt === null) return null
  return { pageId, person, tokenId: null, topic, grantedAt: actedAt }
}

/** No token lives longer. */
const LIFE_MS_MAX = 365 * DAY_MS

/** Where the ledger does not say it, as early as can be: that errs on the side of no call. */
export function earliestGrant({
  grantedAt,
  expiresAt,
}: {
  readonly grantedAt: number | null
  readonly expiresAt: number
}): number {
  return grantedAt ?? expiresAt - LIFE_MS_MAX
}

/** Null where the event withdraws nothing. */
export function withdrawalOf(event: TokenEvent): Withdrawal | null {
  if (event.type === 'TokenWithdrawn') return { key: event.tokenId, at: event.at }
  if (event.type !== 'ConsentWithdrawn') return null
  const { pageId, person = null, tokenId = null, topic = null, withdrawnAt: at } = event
  if (tokenId !== null) return { key: tokenId, at }
  if (person === null && topic === null) return null
  return { key: scopeKey({ pageId, person, topic }), at }
}

/** Everything to be looked up before a call. */
export function keysOf(consent: ConsentToCall): readonly string[] {
  const { tokenId } = consent
  return [...(tokenId === null ? [] : [tokenId]), ...scopesOf(consent)]
}

/** @param atOf the instant known under a key; undefined = nothing was withdrawn under it */
export function isWithdrawn(
  consent: ConsentToCall,
  atOf: (key: string) => number | undefined,
): boolean {
  const { tokenId, grantedAt } = consent
  if (tokenId !== null && atOf(tokenId) !== undefined) return true
  return scopesOf(consent).some((key) => (atOf(key) ?? -Infinity) >= grantedAt)
}

function scopesOf({ pageId, person, topic }: ConsentToCall): readonly string[] {
  const ofPerson = scopeKey({ pageId, person, topic: null })
  if (topic === null) return [ofPerson]
  return [ofPerson, scopeKey({ pageId, person, topic }), scopeKey({ pageId, person: null, topic })]
}

/** No id and no topic holds a slash, and no token id does either. */
function scopeKey({
  pageId,
  person,
  topic,
}: {
  readonly pageId: PageId
  readonly person: PersonId | null
  readonly topic: string | null
}): string {
  return `${pageId}/${person ?? ''}/${topic ?? ''}`
}
