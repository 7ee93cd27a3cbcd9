/** What becomes true on the Graph side beside messages and people. */
import type { AccessToken, TokenTrouble } from './access-token.ts'
import type { AddressForm, PageStanding } from './graph-state.ts'
import type { JsonObject } from './json-object.ts'

interface AccessTokenIssued {
  readonly type: 'AccessTokenIssued'
  readonly issued: AccessToken
}

/** Something happened to a credential; null = it is sound again. */
interface AccessTokenChanged {
  readonly type: 'AccessTokenChanged'
  readonly accessToken: string
  readonly trouble: TokenTrouble | null
}

interface PageStandingChanged {
  readonly type: 'PageStandingChanged'
  readonly pageId: string
  readonly standing: PageStanding
}

/** A thread has another owner now; null = nobody owns it. */
interface ThreadOwnerChanged {
  readonly type: 'ThreadOwnerChanged'
  readonly pageId: string
  readonly psid: string
  readonly appId: string | null
  readonly expiresAtMs: number | null
}

interface AttachmentUploaded {
  readonly type: 'AttachmentUploaded'
  readonly pageId: string
  readonly attachmentId: string
  readonly kind: string
}

/** Members of the Messenger profile were set; a null removes one. */
interface ProfileChanged {
  readonly type: 'ProfileChanged'
  readonly pageId: string
  readonly members: JsonObject
}

/** Where webhooks go, and which fields; null = every field. */
export interface AppSubscribed {
  readonly type: 'AppSubscribed'
  readonly callbackUrl: string
  readonly fields: readonly string[] | null
}

/** The app takes these fields no longer; null = none at all any more. */
interface AppUnsubscribed {
  readonly type: 'AppUnsubscribed'
  readonly fields: readonly string[] | null
}

/** Which fields of a page the app is told of; null = every field. */
interface PageFieldsChosen {
  readonly type: 'PageFieldsChosen'
  readonly pageId: string
  readonly fields: readonly string[] | null
}

/** Which apps beside ours follow a page. */
interface OtherAppsFollow {
  readonly type: 'OtherAppsFollow'
  readonly pageId: string
  readonly appIds: readonly string[]
}

/** A person can be addressed in another way than by id or one-time token. */
interface AddressGiven {
  readonly type: 'AddressGiven'
  readonly form: AddressForm
  readonly value: string
  readonly pageId: string
  readonly psid: string
  readonly givenAtMs: number
}

interface AddressUsed {
  readonly type: 'AddressUsed'
  readonly form: AddressForm
  readonly value: string
}

export type GraphFact =
  | AccessTokenIssued
  | AccessTokenChanged
  | PageStandingChanged
  | ThreadOwnerChanged
  | AttachmentUploaded
  | ProfileChanged
  | AppSubscribed
  | AppUnsubscribed
  | PageFieldsChosen
  | OtherAppsFollow
  | AddressGiven
  | AddressUsed

const TYPES: ReadonlySet<string> = new Set<GraphFact['type']>([
  'AccessTokenIssued',
  'AccessTokenChanged',
  'PageStandingChanged',
  'ThreadOwnerChanged',
  'AttachmentUploaded',
  'ProfileChanged',
  'AppSubscribed',
  'AppUnsubscribed',
  'PageFieldsChosen',
  'OtherAppsFollow',
  'AddressGiven',
  'AddressUsed',
])

/** Whether a fact is one of the Graph side's own. */
export function isGraphFact(fact: { readonly type: string }): fact is GraphFact {
  return TYPES.has(fact.type)
}
