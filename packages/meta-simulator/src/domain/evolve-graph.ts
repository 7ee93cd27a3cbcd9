/** The fold of the Graph side's own facts; like `evolve.ts` it changes its state in place. */
import { assertNever } from '@otn/kernel'
import { type AccessToken, appToken, firstPageToken, type TokenTrouble } from './access-token.ts'
import type { GraphFact } from './graph-facts.ts'
import {
  type Address,
  type AppSubscription,
  addressKey,
  type GraphApp,
  type GraphState,
  type PageStanding,
  type ThreadOwner,
} from './graph-state.ts'
import type { JsonObject } from './json-object.ts'
import { webhookFields } from './set-up/webhook-fields.ts'
import { type Page, threadKey } from './world.ts'

/** A state that only its owner folds facts into. */
export interface GrowingGraphState extends GraphState {
  readonly accessTokens: Map<string, AccessToken>
  readonly troubles: Map<string, TokenTrouble>
  readonly newestPageTokens: Map<string, string>
  readonly standings: Map<string, PageStanding>
  readonly owners: Map<string, ThreadOwner>
  readonly attachments: Map<string, { readonly pageId: string; readonly kind: string }>
  readonly profiles: Map<string, JsonObject>
  readonly pageFields: Map<string, readonly string[]>
  readonly otherFollowers: Map<string, readonly string[]>
  readonly addresses: Map<string, Address>
  subscription: AppSubscription | null
}

/** A Graph side on which nothing has happened yet. */
export function newGraphState(
  pages: readonly Page[],
  { proof, ...app }: GraphApp & { readonly proof: string },
): GrowingGraphState {
  const tokens = [...pages.map(firstPageToken), appToken(app.accessToken, proof)]
  return {
    app,
    accessTokens: new Map(tokens.map((token) => [token.accessToken, token])),
    troubles: new Map(),
    newestPageTokens: new Map(pages.map(({ pageId, accessToken }) => [pageId, accessToken])),
    standings: new Map(),
    owners: new Map(),
    attachments: new Map(),
    profiles: new Map(),
    pageFields: new Map(),
    otherFollowers: new Map(),
    addresses: new Map(),
    subscription: null,
  }
}

/** Folds one fact in. Total, like every fold here. */
export function evolveGraph(state: GrowingGraphState, fact: GraphFact): void {
  switch (fact.type) {
    case 'AccessTokenIssued': {
      const { issued } = fact
      state.accessTokens.set(issued.accessToken, issued)
      if (issued.kind === 'page') state.newestPageTokens.set(issued.pageId, issued.accessToken)
      return
    }
    case 'AccessTokenChanged':
      put(state.troubles, fact.accessToken, fact.trouble)
      return
    case 'PageStandingChanged':
      state.standings.set(fact.pageId, fact.standing)
      return
    case 'ThreadOwnerChanged': {
      const { pageId, psid, appId, expiresAtMs } = fact
      put(state.owners, threadKey(pageId, psid), appId === null ? null : { appId, expiresAtMs })
      return
    }
    case 'AttachmentUploaded':
      state.attachments.set(fact.attachmentId, { pageId: fact.pageId, kind: fact.kind })
      return
    case 'ProfileChanged':
      changeProfile(state, fact.pageId, fact.members)
      return
    case 'AppSubscribed':
      state.subscription = { callbackUrl: fact.callbackUrl, fields: fact.fields }
      return
    case 'AppUnsubscribed':
      state.subscription = without(state.subscription, fact.fields)
      return
    case 'PageFieldsChosen':
      put(state.pageFields, fact.pageId, fact.fields)
      return
    case 'OtherAppsFollow':
      state.otherFollowers.set(fact.pageId, fact.appIds)
      return
    case 'AddressGiven': {
      const { form, value, pageId, psid, givenAtMs } = fact
      state.addresses.set(addressKey(form, value), { pageId, psid, givenAtMs, used: false })
      return
    }
    case 'AddressUsed': {
      const address = state.addresses.get(addressKey(fact.form, fact.value))
      if (address === undefined) return
      state.addresses.set(addressKey(fact.form, fact.value), { ...address, used: true })
      return
    }
    default:
      assertNever(fact)
  }
}

function put<V>(map: Map<string, V>, key: string, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}

function changeProfile(state: GrowingGraphState, pageId: string, members: JsonObject): void {
  const all = { ...state.profiles.get(pageId), ...members }
  const present = Object.entries(all).filter(([, value]) => value !== null)
  state.profiles.set(pageId, Object.fromEntries(present))
}

function without(
  subscription: AppSubscription | null,
  fields: readonly string[] | null,
): AppSubscription | null {
  if (subscription === null) return null
  const held = subscription.fields ?? webhookFields
  const left = fields === null ? [] : held.filter((field) => !fields.includes(field))
  return { ...subscription, fields: left }
}
