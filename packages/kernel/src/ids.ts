/**
 * Branded ids, one kind each, so that a page id can never stand where a person is wanted.
 * What comes from outside is branded once, at the codec or the parser; the domain never casts.
 */

declare const brand: unique symbol
type Branded<Kind extends string> = string & { readonly [brand]: Kind }

/** A Facebook page, as the platform names it (decimal text). */
export type PageId = Branded<'PageId'>
/** A person as one page knows them (PSID, decimal text). Personal: never logged, never a key. */
export type PageScopedUserId = Branded<'PageScopedUserId'>
/** Keyed pseudonym of a person on a page: 22 characters of base64url. */
export type PersonId = Branded<'PersonId'>
/** Keyed digest of a one-time token: 32 lower-case hex digits. The raw token is a `Secret`. */
export type TokenId = Branded<'TokenId'>
/** Keyed digest of a user account of the page's own site: 32 lower-case hex digits. */
export type AccountId = Branded<'AccountId'>
/** The caller's idempotency key of a command, unique per page, at most 128 characters. */
export type CommandId = Branded<'CommandId'>
/** Deterministic id of a fact: 32 lower-case hex digits. */
export type EventId = Branded<'EventId'>
/** A message as the platform names it (`mid`). */
export type MessageId = Branded<'MessageId'>

export const pageId = (text: string): PageId => text as PageId
export const pageScopedUserId = (text: string): PageScopedUserId => text as PageScopedUserId
export const personId = (text: string): PersonId => text as PersonId
export const tokenId = (text: string): TokenId => text as TokenId
export const accountId = (text: string): AccountId => text as AccountId
export const commandId = (text: string): CommandId => text as CommandId
export const eventId = (text: string): EventId => text as EventId
export const messageId = (text: string): MessageId => text as MessageId

/**
 * Whether a command may name a person by it: decimal digits, as many as an unsigned 64-bit number
 * has. Consent of a sender of any other form is kept all the same, and spent by its token.
 */
export function isPageScopedUserId(text: string): boolean {
  return /^\d{1,20}$/.test(text)
}
