/** What the Graph side knows beside pages, people, tokens and messages. */
import type { AccessToken, TokenTrouble } from './access-token.ts'
import type { JsonObject } from './json-object.ts'

/** Ways to address a person that exist at Meta beside `id` and `one_time_notif_token`. */
export const addressForms = [
  'user_ref',
  'phone_number',
  'comment_id',
  'post_id',
  'notification_messages_token',
] as const

export type AddressForm = (typeof addressForms)[number]

/** How Meta regards a page; each but `good` has an answer of its own. */
export const pageStandings = [
  'good',
  'restricted',
  'judged-abusive',
  'feature-limited',
  'requests-restricted',
  'grant-missing',
  'messages-off',
] as const

export type PageStanding = (typeof pageStandings)[number]

/** The app that the secret, the webhooks and the echoes belong to. */
export interface GraphApp {
  readonly appId: string
  readonly name: string
  /** `{APP_ID}|{APP_SECRET}`. */
  readonly accessToken: string
}

export interface Address {
  readonly pageId: string
  readonly psid: string
  readonly givenAtMs: number
  readonly used: boolean
}

export interface ThreadOwner {
  readonly appId: string
  readonly expiresAtMs: number | null
}

export interface AppSubscription {
  readonly callbackUrl: string
  /** Null = every field; empty = the subscription was deleted. */
  readonly fields: readonly string[] | null
}

export interface GraphState {
  readonly app: GraphApp
  readonly accessTokens: ReadonlyMap<string, AccessToken>
  readonly troubles: ReadonlyMap<string, TokenTrouble>
  /** The page tokens that `/me/accounts` gives, by page. */
  readonly newestPageTokens: ReadonlyMap<string, string>
  /** By page; a page that is missing stands well. */
  readonly standings: ReadonlyMap<string, PageStanding>
  /** By thread; a thread that is missing belongs to nobody. */
  readonly owners: ReadonlyMap<string, ThreadOwner>
  readonly attachments: ReadonlyMap<string, { readonly pageId: string; readonly kind: string }>
  readonly profiles: ReadonlyMap<string, JsonObject>
  /** Null before the first registration: then pages are told of everything, as ever. */
  readonly subscription: AppSubscription | null
  /** By page; a page that is missing is followed with every field. */
  readonly pageFields: ReadonlyMap<string, readonly string[]>
  /** Apps beside ours, by page. */
  readonly otherFollowers: ReadonlyMap<string, readonly string[]>
  /** By form and value. */
  readonly addresses: ReadonlyMap<string, Address>
}

/** Where an address stands in `GraphState.addresses`. */
export function addressKey(form: AddressForm, value: string): string {
  return `${form}:${value}`
}
