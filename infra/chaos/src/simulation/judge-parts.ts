/** What the judge is given, and the shapes of what it keeps. */
import type { NotificationEvent, Notify, OptInRequestEvent, RequestOptIn } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { Actor } from './actor.ts'
import type { BusinessClock } from './business-clock.ts'
import type { Claims } from './claims.ts'
import type { Rule } from './rules.ts'
import type { GrantedToken, Person, SendRequest } from './send-request.ts'

export interface Violation {
  readonly rule: Rule
  readonly detail: string
}

/** Where one id is given to a message and to a question, one of the two is refused. */
export interface Commanded {
  readonly pageId: PageId
  readonly notify: Notify | null
  readonly request: RequestOptIn | null
}

export type Given = Notify | RequestOptIn

/** Each question of a world has a title. */
export function isRequest(given: Given): given is RequestOptIn {
  return 'title' in given
}

/** A fact of ours in the words of a notification. */
export type FactSeen = NotificationEvent & { readonly asks: boolean }

/** Facts of a request are named after it and say what those of a notification say. */
export function factOf(event: NotificationEvent | OptInRequestEvent, asks: boolean): FactSeen {
  const type = event.type.replace('OptInRequest', 'Notification')
  return { ...event, type, asks } as FactSeen
}

/** Reasons of a failed call after which its token is of use to nobody. */
const USED_UP: ReadonlySet<string | null | undefined> = new Set(['token-spent', 'token-withdrawn'])

/** A call that failed for certain, and whose token nobody gets. */
export function isTokenWithheld({ type, attempt, reason, tokenReleased }: FactSeen): boolean {
  const isKept = type === 'NotificationFailed' && attempt > 0 && tokenReleased === false
  return isKept && !USED_UP.has(reason)
}

export const FINAL: ReadonlySet<string> = new Set([
  'NotificationSent',
  'NotificationFailed',
  'NotificationCancelled',
])

/** They say that nothing went out, by any attempt. */
export const DENIALS: ReadonlySet<string> = new Set(['NotificationFailed', 'NotificationCancelled'])

/** By these an attempt is known to have sent nothing. */
export const NOT_SENT: ReadonlySet<string> = new Set([
  'NotificationScheduled',
  'NotificationFailed',
])

export interface CallSeen extends SendRequest {
  readonly actor: Actor
  isDelivered: boolean
}

export interface PlatformTruth {
  readonly tokens: ReadonlyMap<string, GrantedToken>
  /** Spent by another app. */
  readonly stolen: ReadonlySet<string>
  /** When the person wrote last; null = never. */
  actedAt(person: Person): number | null
  personOf(request: SendRequest): Person | null
}

export interface JudgeParts {
  readonly clock: BusinessClock
  readonly claims: () => Claims
  readonly platform: () => PlatformTruth
  /** The only rules that can hold; null = all. */
  readonly judges: ReadonlySet<Rule> | null
}
