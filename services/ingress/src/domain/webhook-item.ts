import {
  canonicalJson,
  type Identity,
  type JsonObject,
  member,
  type PageId,
  readId,
  readInstant,
} from '@otn/kernel'
import { type TopicNaming, unreadableFields } from '@otn/policy'
import type { Fact, QuarantineReason } from './facts.ts'
import type { CountedKind } from './kinds.ts'

/** One item of a verified body, with what its entry says of it. */
export interface WebhookItem {
  readonly page: PageId
  readonly json: JsonObject
  /** True where it came in `standby[]`: another app owns the thread. */
  readonly standby: boolean
  readonly sender: string | null
  readonly recipient: string | null
  /** The item's own timestamp, ms since the epoch; null where it carries none. */
  readonly timestampMs: number | null
  /** When the platform packed the entry; another one at each redelivery, so never part of an id. */
  readonly entryTimeMs: number | null
}

/** What is known around a body while it is translated. */
export interface Surroundings {
  readonly identity: Identity
  /** Topic that the page's rules give to a payload. */
  readonly nameTopic: (page: PageId, payload: string) => TopicNaming
  /** The business clock at receipt. */
  readonly nowMs: number
  /** SHA-256 of the body's bytes, 64 hex digits. */
  readonly bodySha256: string
  readonly correlationId: string
}

/** What became of one item: facts, quarantine, or a count of a kind that does not concern us. */
export type ItemResult =
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'quarantined'
      readonly reason: QuarantineReason
      /** Names fields, never what stood in them. */
      readonly detail: string
    }
  | { readonly kind: 'counted'; readonly as: CountedKind }

export type ItemTranslator = (item: WebhookItem, around: Surroundings) => ItemResult

export function readItem(
  json: JsonObject,
  entry: Pick<WebhookItem, 'page' | 'standby' | 'entryTimeMs'>,
): WebhookItem {
  return {
    ...entry,
    json,
    sender: readId(member(member(json, 'sender'), 'id')),
    recipient: readId(member(member(json, 'recipient'), 'id')),
    timestampMs: readInstant(member(json, 'timestamp')),
  }
}

export function facts(...all: readonly Fact[]): ItemResult {
  return { kind: 'facts', facts: all }
}

export function counted(as: CountedKind): ItemResult {
  return { kind: 'counted', as }
}

/** @param fields those that are missing or of a wrong type */
export function malformed(fields: readonly string[]): ItemResult {
  return { kind: 'quarantined', reason: 'item-malformed', detail: unreadableFields(fields) }
}

/** Identifies an item that has no id of its own, in whatever order its members came. */
function itemDigest(item: WebhookItem, { identity }: Surroundings): string {
  return identity.digest(canonicalJson(item.json))
}

interface EngagementIdentity {
  readonly type: string
  /** Person of the page, as the platform names them; empty where nobody is named. */
  readonly psid: string
  readonly kind: string
  /** The message it is about; null = the item stands for itself. */
  readonly mid: string | null
}

/** Fields that every fact of an item shares; its id is the same at each redelivery. */
export function commonFields(
  item: WebhookItem,
  around: Surroundings,
  { type, psid, kind, mid }: EngagementIdentity,
) {
  const timestamp = item.timestampMs === null ? '' : `${item.timestampMs}`
  const parts = [psid, kind, timestamp, mid ?? itemDigest(item, around)]
  return {
    eventId: around.identity.event(type, item.page, parts),
    pageId: item.page,
    at: around.nowMs,
    correlationId: around.correlationId,
  }
}

/** When it happened by the platform's clock; never after receipt, for a window opens with it. */
export function occurredAt(
  item: WebhookItem,
  { nowMs }: Surroundings,
  otherwise: number | null = null,
): number {
  return Math.min(item.timestampMs ?? otherwise ?? item.entryTimeMs ?? nowMs, nowMs)
}
