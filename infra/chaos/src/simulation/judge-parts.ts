/** What the judge is given, and the shapes of what it keeps. */
import type { Actor } from './actor.ts'
import type { BusinessClock } from './business-clock.ts'
import type { Claims } from './claims.ts'
import type { Rule } from './rules.ts'
import type { GrantedToken, SendRequest } from './send-request.ts'

export interface Violation {
  readonly rule: Rule
  readonly detail: string
}

export interface CallSeen extends SendRequest {
  readonly actor: Actor
  isDelivered: boolean
}

export type Delivery = Pick<SendRequest, 'token' | 'commandId' | 'attempt'>

interface PlatformTruth {
  readonly tokens: ReadonlyMap<string, GrantedToken>
  /** Spent by another app. */
  readonly stolen: ReadonlySet<string>
}

export interface JudgeParts {
  readonly clock: BusinessClock
  readonly claims: () => Claims
  readonly platform: () => PlatformTruth
  /** The only rules that can hold; null = all. */
  readonly judges: ReadonlySet<Rule> | null
}
