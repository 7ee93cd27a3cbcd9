import type { AccountId, EventId, PageId, PageScopedUserId, PersonId, TokenId } from './ids.ts'

/**
 * Derives the ids under which people, tokens and facts are known to this deployment.
 * Pure and deterministic: the same input gives the same id for ever, on every service.
 * The keyed ones rest on the pepper, which never rotates. `packages/vault` implements it.
 */
export interface Identity {
  /** base64url(HMAC-SHA256(pepper, `pageId:psid`)), first 22 characters. */
  person(page: PageId, psid: PageScopedUserId): PersonId
  /** HMAC-SHA256(pepper, `token:pageId:token`), first 32 hex digits. */
  token(page: PageId, rawToken: string): TokenId
  /** HMAC-SHA256(pepper, `account:pageId:externalUserId`), first 32 hex digits. */
  account(page: PageId, externalUserId: string): AccountId
  /** SHA-256 of type, page id and parts joined by line feeds, first 32 hex digits. */
  event(type: string, page: PageId, parts: readonly string[]): EventId
  /** SHA-256 of a text, all 64 hex digits: for digests of commands and bodies. */
  digest(text: string): string
}
