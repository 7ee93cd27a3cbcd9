/** Everything that can happen in the pretend Messenger. */
import type { GraphFact } from './graph-facts.ts'
import type { PageEvent } from './page-event.ts'
import type { PersonAct } from './person-act.ts'
import type { DeliveredMessage, IssuedToken, Person } from './world.ts'

interface PersonJoined {
  readonly type: 'PersonJoined'
  readonly person: Person
}

export interface PersonActed {
  readonly type: 'PersonActed'
  readonly pageId: string
  readonly psid: string
  readonly act: PersonAct
  readonly opensWindow: boolean
  readonly atMs: number
}

/** A tap on *Notify Me*. Told again for a token that exists, it only repeats the webhook. */
export interface TokenIssued {
  readonly type: 'TokenIssued'
  readonly issued: Omit<IssuedToken, 'spent'>
  readonly requestMid: string | null
  readonly opensWindow: boolean
}

/** Something that Meta, another app or a moderator did. */
export interface PageEventHappened {
  readonly type: 'PageEventHappened'
  readonly pageId: string
  /** The thread it happened in; null for the page as a whole. */
  readonly psid: string | null
  readonly event: PageEvent
  readonly atMs: number
}

/** The app's subscription to a page's events began or ended; at the start every page has one. */
export interface SubscriptionChanged {
  readonly type: 'PageSubscribed' | 'PageUnsubscribed'
  readonly pageId: string
  readonly atMs: number
}

/** What a person did to a thread as a whole. Meta tells the app of none of these. */
export interface ThreadChanged {
  readonly type:
    | 'PersonBlocked'
    | 'PersonUnblocked'
    | 'PersonStopped'
    | 'PersonResumed'
    | 'ThreadDeleted'
  readonly pageId: string
  readonly psid: string
  readonly atMs: number
}

export interface MessageDelivered {
  readonly type: 'MessageDelivered'
  readonly delivered: DeliveredMessage
}

/** The clock jumped; a fact, so that a restarted world does not fall back in time. */
interface ClockAdvanced {
  readonly type: 'ClockAdvanced'
  readonly byMs: number
}

export type Fact =
  | PersonJoined
  | PersonActed
  | TokenIssued
  | ThreadChanged
  | PageEventHappened
  | SubscriptionChanged
  | GraphFact
  | MessageDelivered
  | ClockAdvanced
