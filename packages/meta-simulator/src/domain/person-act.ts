/** What a person, or the person's device, does in a thread, as far as the app is told of it. */
import type { JsonObject } from './json-object.ts'

/** How somebody came into the thread: a link, an advertisement, a plugin. */
export interface Referral {
  readonly ref: string
  /** May be missing for people in Europe and Japan. */
  readonly source?: string | undefined
  readonly type?: string | undefined
  readonly adId?: string | undefined
  readonly refererUri?: string | undefined
  readonly isGuestUser?: boolean | undefined
}

interface Message {
  readonly kind: 'message'
  readonly mid: string
  readonly text?: string | undefined
  readonly quickReplyPayload?: string | undefined
  readonly replyToMid?: string | undefined
  /** Written as they are: `{type, payload}` of any kind. */
  readonly attachments?: readonly JsonObject[] | undefined
  /** A kind that Meta does not pass on; nothing else is told of it. */
  readonly isUnsupported?: boolean | undefined
}

/** A grant, renewal, stop or resumption of the sister feature. */
interface RecurringOptIn {
  readonly kind: 'recurring-opt-in'
  readonly payload: string
  readonly token: string
  readonly title?: string | undefined
  readonly timezone?: string | undefined
  readonly frequency?: 'DAILY' | 'WEEKLY' | 'MONTHLY' | undefined
  readonly expiresAtMs?: number | undefined
  readonly renewed?: boolean | undefined
  /** Only when the person stops or resumes; spelt with a space or an underscore. */
  readonly status?: string | undefined
}

export type PersonAct =
  | Message
  /** The person takes a message back. */
  | { readonly kind: 'unsend'; readonly mid: string }
  | { readonly kind: 'edit'; readonly mid: string; readonly text: string; readonly edits: number }
  | {
      readonly kind: 'postback'
      readonly mid: string
      readonly title: string
      readonly payload: string
      readonly referral?: Referral | undefined
    }
  | {
      readonly kind: 'reaction'
      readonly mid: string
      readonly reaction: string
      readonly emoji: string
      readonly action: 'react' | 'unreact'
    }
  | { readonly kind: 'read'; readonly watermarkMs: number }
  | { readonly kind: 'delivery'; readonly mids: readonly string[]; readonly watermarkMs: number }
  | { readonly kind: 'referral'; readonly referral: Referral }
  /** Send-to-Messenger plugin. */
  | { readonly kind: 'plugin-opt-in'; readonly ref: string }
  /** Checkbox plugin: nobody knows yet who it is, so the event has no sender. */
  | {
      readonly kind: 'checkbox-opt-in'
      readonly userRef: string
      readonly ref?: string | undefined
    }
  /** A person found by customer matching accepts. */
  | { readonly kind: 'request-accepted'; readonly ref?: string | undefined }
  | RecurringOptIn
  | { readonly kind: 'link-account'; readonly authorizationCode: string }
  | { readonly kind: 'unlink-account' }
  | { readonly kind: 'survey'; readonly screens: readonly JsonObject[] }
  | { readonly kind: 'rate-response'; readonly mid: string; readonly feedback: string }
  /** Any event that has no kind here: a game, a cart, a call, a form, something new. */
  | {
      readonly kind: 'other'
      readonly field: string
      readonly member: string
      readonly value: unknown
    }

/**
 * Message (a quick reply is one), postback, reaction and a link with `ref` open the 24 h window;
 * reading, receiving, taking back and every opt-in do not.
 */
export function opensWindow(act: PersonAct): boolean {
  switch (act.kind) {
    case 'message':
    case 'postback':
    case 'referral':
      return true
    case 'reaction':
      return act.action === 'react'
    default:
      return false
  }
}
