import type { ReasonCode } from '@otn/contracts'
import type { NotSentCause, UnknownCause } from './observation.ts'
import type { Usage } from './usage.ts'

/** How the message was addressed: it decides what a bare 100 or 10/2018278 means. */
export type AddressedBy = 'token' | 'psid'

/** Who must act before things get better. */
export type Owner = 'platform' | 'operator' | 'page' | 'person' | 'caller' | 'nobody'

/** What the table advises; the dispatcher decides. */
export type RetryPolicy =
  /** No repeat will ever help. */
  | 'never'
  /** Somebody must act first; then a new command. */
  | 'after-fix'
  /** The same command, when the bucket or the page is open again. */
  | 'after-pause'
  /** The same command, minutes later. */
  | 'later'
  /** Few tries, days apart, never a hot loop. */
  | 'rarely'
  /** Wait for the echo, then the same token once more. */
  | 'after-settling'
  /** Wait for the echo; never a second call. */
  | 'echo-only'

/** What may be kept of an answer: nothing in it names or empowers a person. */
export interface AnswerDetail {
  readonly status: number
  readonly code: number | null
  readonly subcode: number | null
  readonly type: string | null
  readonly fbtraceId: string | null
  readonly isTransient: boolean | null
  /**
   * The platform's message with the title and the text it has for people, each masked and of at
   * most 200 characters; null where nothing readable is left.
   */
  readonly text: string | null
}

/** What every verdict carries. */
export interface Judged {
  /** Row of the answer table, or a rule named after the shape of the answer. */
  readonly row: string
  readonly tableVersion: number
  readonly retry: RetryPolicy
  readonly owner: Owner
  /** Null where no answer came. */
  readonly detail: AnswerDetail | null
  /** The worst usage per bucket that the headers told, whatever the verdict. */
  readonly usage: readonly Usage[]
}

/** 200 with a message id: the only proof an answer can give. The token is spent. */
export interface Sent extends Judged {
  readonly class: 'sent'
  readonly messageId: string
}

/** Known: nothing went out; the same command goes again, and this attempt does not count. */
export interface NotSentThrottled extends Judged {
  readonly class: 'not-sent'
  readonly kind: 'throttled'
  readonly reason: ReasonCode
  /** Which calls must pause: all of the app, or those of the page. */
  readonly scope: 'app' | 'page'
  /** Told by the headers, at most a day; null where they tell nothing: choose a back-off. */
  readonly waitMs: number | null
}

/** Known: no byte left. The same command goes again. */
export interface NotSentNotReached extends Judged {
  readonly class: 'not-sent'
  readonly kind: 'not-reached'
  readonly reason: ReasonCode
  readonly cause: NotSentCause
}

/** Known: this attempt sent nothing and never will. The token is released. */
export interface Refused extends Judged {
  readonly class: 'refused'
  readonly reason: ReasonCode
}

/**
 * The token was not honoured by this attempt. It proves nothing about an earlier attempt of
 * unknown outcome: where there is one, the command is in doubt.
 */
export interface TokenRefused extends Judged {
  readonly class: 'token-refused'
  readonly reason: ReasonCode
  /** `suspect`: counts as one refusal, the token is released. `dead`: the token is closed. */
  readonly verdict: 'suspect' | 'dead'
}

/** A code that the operator listed as *token already used*. Alone it never means sent. */
export interface TokenUsed extends Judged {
  readonly class: 'token-used'
  readonly reason: ReasonCode
}

/** Known: nothing went out, and nothing will until somebody acts for the page. */
export interface PageStopped extends Judged {
  readonly class: 'page-stopped'
  readonly reason: ReasonCode
  readonly standing: 'auth-lost' | 'blocked' | 'capability-missing'
  /** `optin-requests`: only requests for consent are stopped. */
  readonly affects: 'page' | 'optin-requests'
}

/** The message may be out. */
export interface Unknown extends Judged {
  readonly class: 'unknown'
  readonly reason: ReasonCode
  readonly cause: UnknownCause | 'answer'
  /** `never`: not even the same token may be sent again. */
  readonly probe: 'allowed' | 'never'
}

/** A code that the table does not list: in doubt until somebody has looked. */
export interface Unlisted extends Judged {
  readonly class: 'unlisted'
  readonly reason: ReasonCode
}

/** The one verdict on a call. */
export type Classification =
  | Sent
  | NotSentThrottled
  | NotSentNotReached
  | Refused
  | TokenRefused
  | TokenUsed
  | PageStopped
  | Unknown
  | Unlisted

/** A Graph error code with its subcode; null = none was given. */
export interface CodePair {
  readonly code: number
  readonly subcode: number | null
}

export interface ClassifyContext {
  readonly addressedBy: AddressedBy
  /**
   * Codes that mean *token already used* on token sends. Meta documents none, so it is empty until
   * one was learned from production.
   */
  readonly tokenUsedCodes?: readonly CodePair[]
}
