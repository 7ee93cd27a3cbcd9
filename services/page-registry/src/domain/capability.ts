/**
 * What a page or its app may do, as people say it was applied for, granted, denied or taken away.
 * The platform has no call that tells (it lists no one-time notification among the features of a
 * page), so the facts are a person's word, with its date.
 * @see guide to One-Time Notification, "Permission"; Messenger FAQ, "App review"
 */
import type { PageCapabilityChanged } from '@otn/contracts'
import type { EventId, Identity, PageId } from '@otn/kernel'
import { eventIdAfter } from './fact-id.ts'

/** The beta feature that the owner of the page applies for. */
export const ONE_TIME_NOTIFICATION = 'one-time-notification'
/** A fact of its own: terms are accepted on one day, the grant comes on another (S0-07). */
export const TERMS = `${ONE_TIME_NOTIFICATION}-terms`
/** The permission that the review of an app is about. */
export const MESSAGING = 'pages_messaging'

/** Where the owner of a page applies for it. */
export const WHERE_TO_APPLY =
  'Page settings, Advanced messaging, Requested features, One-Time Notification'

export const CAPABILITY_WISHES = [
  'not-requested',
  'terms-accepted',
  'requested',
  'granted',
  'denied',
  'revoked',
] as const

export type CapabilityWish = (typeof CAPABILITY_WISHES)[number]

/** What was said of a capability, newest last. */
export interface CapabilityEntry {
  readonly eventId: EventId
  readonly state: string
  /** When it was told, ms. */
  readonly at: number
  /** When it happened at the platform, ms, where somebody said so. */
  readonly occurredAt: number | null
  readonly detail: string | null
}

export interface Capability {
  readonly name: string
  readonly entries: readonly CapabilityEntry[]
}

export interface CapabilityChange {
  readonly pageId: PageId
  readonly capability: string
  readonly state: CapabilityWish
  readonly occurredAt: number | null
  readonly detail: string | null
  readonly requestedBy: string
}

export type CapabilityDecision =
  | { readonly kind: 'publish'; readonly event: PageCapabilityChanged }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly sentence: string; readonly next: string }

interface Around {
  readonly known: readonly Capability[]
  readonly identity: Pick<Identity, 'event'>
  readonly nowMs: number
}

/** A grant needs the terms, a denial and a revocation need their reason. */
export function decideCapability(change: CapabilityChange, around: Around): CapabilityDecision {
  const { capability, state } = namedAs(change)
  const { known, identity, nowMs } = around
  const entries = entriesOf(known, capability)
  const latest = entries.at(-1)
  const isSame =
    latest?.state === state &&
    latest.detail === change.detail &&
    (change.occurredAt === null || change.occurredAt === latest.occurredAt)
  if (isSame || (latest === undefined && state === 'not-requested')) return { kind: 'unchanged' }
  const refusal = refusalOf(change, around)
  if (refusal !== null) return { kind: 'refused', ...refusal }
  const { pageId, occurredAt, detail, requestedBy } = change
  const content = [capability, state, String(occurredAt), String(detail)]
  const type = 'PageCapabilityChanged'
  const eventId = eventIdAfter({ identity, type, pageId, content, latest: latest?.eventId })
  // Readers let the younger fact hold, so it must be younger whatever clock wrote the other.
  const at = Math.max(nowMs, (latest?.at ?? 0) + 1)
  const said = { capability, state, occurredAt, detail, requestedBy }
  return { kind: 'publish', event: { type, eventId, pageId, at, ...said } }
}

/** The state that holds; null where nothing was said. */
export function stateOf(known: readonly Capability[], name: string): string | null {
  return entriesOf(known, name).at(-1)?.state ?? null
}

/** When the terms were accepted, ms; null = not that anybody said so. */
export function termsAcceptedAt(known: readonly Capability[]): number | null {
  const accepted = entriesOf(known, TERMS).findLast(({ state }) => state === 'accepted')
  return accepted === undefined ? null : (accepted.occurredAt ?? accepted.at)
}

function entriesOf(known: readonly Capability[], name: string): readonly CapabilityEntry[] {
  return known.find((one) => one.name === name)?.entries ?? []
}

function namedAs({ capability, state }: CapabilityChange) {
  return state === 'terms-accepted'
    ? { capability: TERMS, state: 'accepted' }
    : { capability, state }
}

interface Refusal {
  readonly sentence: string
  readonly next: string
}

function refusalOf(change: CapabilityChange, { known }: Around): Refusal | null {
  const { capability, state, detail, pageId } = change
  const isOneTime = capability === ONE_TIME_NOTIFICATION
  const command = `pnpm otn pages capability ${pageId} ${capability}`
  if (state === 'terms-accepted' && !isOneTime) {
    const sentence = `Only ${ONE_TIME_NOTIFICATION} has terms to be accepted.`
    return { sentence, next: `${command} requested` }
  }
  if (state === 'granted' && isOneTime && termsAcceptedAt(known) === null) {
    const sentence = 'Nothing is granted before the page has accepted the beta terms.'
    return { sentence, next: `Accept them in ${WHERE_TO_APPLY}; then ${command} terms-accepted` }
  }
  if ((state === 'denied' || state === 'revoked') && detail === null) {
    const sentence = `What was ${state} is told with the reason that the platform gave.`
    return { sentence, next: `${command} ${state} --reason "…"` }
  }
  return null
}
