import type { OptInReceived } from '@otn/contracts'
import type { EventId, PageId, PersonId } from '@otn/kernel'

/** What the opt-in said, with the sealed part (psid, token, payload) as it came. */
export interface Consent {
  readonly eventId: EventId
  readonly pageId: PageId
  readonly person: PersonId
  readonly kind: string
  readonly topic: string | null
  /** Which rule named the topic; null where none did. */
  readonly topicRule: string | null
  /** Timestamp of the webhook: the token's year begins here. */
  readonly grantedAt: number
  /** When the ingress received it. */
  readonly at: number
  readonly origin: string
  readonly keyId: string
  readonly sealed: Buffer
}

/**
 * The consent after one more report of it. Meta repeats webhooks, and each repeat is sealed anew
 * and may meet other topic rules: the first receipt counts, whatever the order they arrive in.
 */
export function firstConsent(known: Consent | null, event: OptInReceived): Consent {
  const told = consentOf(event)
  return known === null || isBefore(told, known) ? told : known
}

function consentOf(event: OptInReceived): Consent {
  const { eventId, pageId, person, kind, grantedAt, at, origin, keyId, sealed } = event
  const named = { topic: event.topic ?? null, topicRule: event.topicRule ?? null }
  return { eventId, pageId, person, kind, ...named, grantedAt, at, origin, keyId, sealed }
}

function isBefore(a: Consent, b: Consent): boolean {
  if (a.at !== b.at) return a.at < b.at
  const seals = a.sealed.compare(b.sealed)
  return seals < 0 || (seals === 0 && content(a) < content(b))
}

function content({ sealed: _sealed, ...rest }: Consent): string {
  return JSON.stringify(rest)
}
