/**
 * What is true on Meta's side. The world is the fold of its facts (`evolve.ts`) and of nothing
 * else, so a journal of facts gives it back after a restart.
 */
import type { GraphState } from './graph-state.ts'
import type { JsonObject } from './json-object.ts'

/** A page of the pretend business, with the credential its calls carry. */
export interface Page {
  readonly pageId: string
  readonly name: string
  readonly accessToken: string
  /** Lower-case hex HMAC-SHA256 of the access token under the app secret. */
  readonly appSecretProof: string
}

/** A person as one page knows them; the same human has another id on another page. */
export interface Person {
  readonly pageId: string
  readonly psid: string
  readonly name: string
}

/** A request for permission that a person sees, and what became of it. */
export interface ShownRequest {
  readonly mid: string
  readonly title: string
  readonly payload: string
  readonly shownAtMs: number
  readonly tapped: boolean
  /** The newest token that a tap on it gave; null before the first tap. */
  readonly token: string | null
  /** The person deleted the chat: the card is no longer there to be tapped. */
  readonly gone: boolean
}

/** A conversation of one person with one page. */
export interface Thread {
  readonly person: Person
  /** When the person last did something that opens the 24 h window. */
  readonly lastActAtMs: number | null
  readonly requests: readonly ShownRequest[]
  /** The person blocked the page: nothing reaches them until they unblock it. */
  readonly blocked: boolean
  /** The person deleted the chat and has not written since. */
  readonly deleted: boolean
  /** The person asked the page to stop and has not resumed since. */
  readonly stopped: boolean
}

/** One permission to send one message. */
export interface IssuedToken {
  readonly token: string
  readonly pageId: string
  readonly psid: string
  readonly payload: string
  readonly grantedAtMs: number
  readonly spent: { readonly mid: string; readonly atMs: number } | null
}

/** Why a message was allowed to go out. */
export type Route = 'token' | 'window' | 'tag' | 'address'

/** A message that a person really received. */
export interface DeliveredMessage {
  readonly mid: string
  readonly pageId: string
  readonly psid: string
  readonly route: Route
  readonly token: string | null
  readonly message: JsonObject
  readonly atMs: number
}

export interface World {
  readonly pages: ReadonlyMap<string, Page>
  readonly pageIdOfAccessToken: ReadonlyMap<string, string>
  /** By `threadKey`. */
  readonly threads: ReadonlyMap<string, Thread>
  readonly tokens: ReadonlyMap<string, IssuedToken>
  readonly deliveries: readonly DeliveredMessage[]
  /** Pages whose events the app is no longer told. */
  readonly unsubscribed: ReadonlySet<string>
  readonly graph: GraphState
  /** How far all jumps together have put this world's clock ahead. */
  readonly aheadMs: number
}

/** Where a thread stands in `World.threads`. */
export function threadKey(pageId: string, psid: string): string {
  return `${pageId}:${psid}`
}

/** The thread of a person with a page, if that page knows the person. */
export function threadOf(world: World, pageId: string, psid: string): Thread | undefined {
  return world.threads.get(threadKey(pageId, psid))
}
