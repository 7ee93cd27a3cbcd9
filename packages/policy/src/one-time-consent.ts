/**
 * The fact that a person tapped Notify Me, wherever it came from: a webhook, or a file of another
 * tool. Both give the same token the same ids, topic and flags, so that whoever comes second adds
 * nothing.
 */
import type { OptInReceived } from '@otn/contracts'
import { DAY_MS, type Identity, type PageId, type PageScopedUserId } from '@otn/kernel'
import { payloadFlag } from './payload-flag.ts'
import type { TopicNaming } from './topic-rules.ts'

/** The tap on Notify Me; other kinds of opt-in may carry consent too and are kept for people. */
export const ONE_TIME_KIND = 'one_time_notif_req'

/** A token is good for a year from its creation, leap years included (S0). */
export const TOKEN_LIFE_MS = 365 * DAY_MS

export interface OneTimeConsent {
  readonly page: PageId
  readonly psid: PageScopedUserId
  readonly token: string
  readonly payload: string
  /** When the person tapped, ms since the epoch. */
  readonly grantedAt: number
  readonly origin: 'webhook' | 'import'
}

interface Surroundings {
  readonly identity: Identity
  /** Topic that the page's rules give to a payload. */
  readonly nameTopic: (page: PageId, payload: string) => TopicNaming
  /** The business clock at receipt. */
  readonly nowMs: number
  readonly correlationId: string
}

interface ConsentFact {
  /** Key on Kafka and owner of the seal. */
  readonly key: string
  readonly value: Omit<OptInReceived, 'keyId' | 'sealed'>
  /** What is sealed with it; never logged, never a key, never a header. */
  readonly content: { readonly psid: string; readonly token: string; readonly payload: string }
}

/** The fact before it is sealed; the same token of a page has one id for ever. */
export function oneTimeConsent(
  { page, psid, token, payload, grantedAt, origin }: OneTimeConsent,
  { identity, nameTopic, nowMs, correlationId }: Surroundings,
): ConsentFact {
  const person = identity.person(page, psid)
  const naming = nameTopic(page, payload)
  return {
    key: person,
    value: {
      eventId: identity.event('OptInReceived', page, [token]),
      type: 'OptInReceived',
      pageId: page,
      at: nowMs,
      person,
      tokenId: identity.token(page, token),
      kind: ONE_TIME_KIND,
      ...naming,
      payloadFlag: payloadFlag(payload, naming.payloadFlag),
      grantedAt: Math.min(grantedAt, nowMs),
      origin,
      correlationId,
    },
    content: { psid, token, payload },
  }
}
