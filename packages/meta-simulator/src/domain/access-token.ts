/** Credentials of callers, and what may be wrong with one. */
import type { Situation } from './faults.ts'

/** What has become of a credential; each has an answer of its own. */
export const tokenTroubles = [
  'access-token-invalid',
  'access-token-malformed',
  'access-token-revoked',
  'app-not-installed',
  'checkpoint',
  'password-changed',
  'access-token-expired',
  'user-unconfirmed',
  'session-invalid',
  'security-check',
  'page-role-lost',
  'token-permissions-missing',
  'session-lost',
] as const satisfies readonly Situation[]

export type TokenTrouble = (typeof tokenTroubles)[number]

export const permissions = ['pages_messaging', 'pages_manage_metadata', 'pages_show_list'] as const

export type Permission = (typeof permissions)[number]

export interface AccessToken {
  readonly accessToken: string
  /** Lower-case hex HMAC-SHA256 of the access token under the app secret. */
  readonly proof: string
  readonly kind: 'page' | 'user' | 'app'
  /** The page of a page token; empty for other kinds. */
  readonly pageId: string
  /** The pages that a user token lists; null = every page. */
  readonly pageIds: readonly string[] | null
  readonly scopes: readonly Permission[]
  /** Null for tokens that were there before the world began. */
  readonly issuedAtMs: number | null
  /** Null for tokens that never expire by themselves. */
  readonly expiresAtMs: number | null
}

/** The token that a page has had since the world began. */
export function firstPageToken(page: {
  readonly pageId: string
  readonly accessToken: string
  readonly appSecretProof: string
}): AccessToken {
  return {
    accessToken: page.accessToken,
    proof: page.appSecretProof,
    kind: 'page',
    pageId: page.pageId,
    pageIds: null,
    scopes: permissions,
    issuedAtMs: null,
    expiresAtMs: null,
  }
}

/** `{APP_ID}|{APP_SECRET}`, which speaks for the app itself. */
export function appToken(accessToken: string, proof: string): AccessToken {
  return {
    accessToken,
    proof,
    kind: 'app',
    pageId: '',
    pageIds: null,
    scopes: [],
    issuedAtMs: null,
    expiresAtMs: null,
  }
}
