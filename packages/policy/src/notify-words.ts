/** What a notification says of itself: no state, clock or later event could make it valid. */
import { isTimeZone, isTopic } from '@otn/kernel'
import { kindsOf, type MessageKind, textFault } from './message-kinds.ts'
import type { MessageFault, MessageReason } from './message-shape.ts'
import type { NotifySituation, NotifyWords } from './notify-situation.ts'
import { isGiven, recipientFault } from './recipient.ts'
import { type Finding, type Rule, refusedIf } from './rule.ts'
import { sources } from './sources.ts'

const FIX = 'Correct the command and publish it under a new commandId.'

export type NotifyRule = Rule<NotifySituation>

/** What may spend a consent, which is about a topic. */
const TAKES_TOKENS: ReadonlySet<string> = new Set(['TOKEN', 'AUTO'])

const recipients = ({ psid, tokenId, externalUserId }: NotifyWords) =>
  [psid, tokenId, externalUserId].filter((id) => isGiven(id)).length

const recipientRules: readonly NotifyRule[] = [
  {
    id: 'notify-recipient-missing',
    version: 1,
    source: sources['S0-16'],
    reason: 'recipient-missing',
    text: 'none of psid, tokenId, externalUserId is given',
    next: FIX,
    judge: ({ notify }) => refusedIf(recipients(notify) === 0),
  },
  {
    id: 'notify-recipient-ambiguous',
    version: 1,
    source: sources['S0-16'],
    reason: 'recipient-ambiguous',
    text: 'several of psid, tokenId, externalUserId are given; give one of them',
    next: FIX,
    judge: ({ notify }) => refusedIf(recipients(notify) > 1),
  },
  {
    id: 'notify-recipient-invalid',
    version: 1,
    source: sources['S0-16'],
    reason: 'recipient-invalid',
    text: '{field} is not {wanted}',
    next: FIX,
    judge: ({ notify }) => {
      const facts = recipientFault(notify)
      return facts && { kind: 'refuse', facts: { ...facts } }
    },
  },
]

const contentRules: readonly NotifyRule[] = [
  {
    id: 'notify-content-ambiguous',
    version: 1,
    source: sources['S0-18'],
    reason: 'content-ambiguous',
    text: 'text and message are given; give one of them',
    next: FIX,
    judge: ({ notify: { text, message } }) => refusedIf(isGiven(text) && isGiven(message)),
  },
  {
    id: 'notify-content-missing',
    version: 1,
    source: sources['S0-18'],
    reason: 'content-missing',
    text: 'neither text nor message is given',
    next: FIX,
    judge: ({ notify: { text, message } }) => refusedIf(!isGiven(text) && !isGiven(message)),
  },
  {
    id: 'notify-text',
    version: 1,
    source: sources['S0-16'],
    reason: 'text-too-long',
    text: '{fault}',
    next: 'Shorten it, or say something, under a new commandId; a text is never split.',
    judge: (situation) => found(contentFault(situation), ['text-empty', 'text-too-long']),
  },
  {
    id: 'notify-metadata',
    version: 1,
    source: sources.U3,
    reason: 'metadata-reserved',
    text: '{fault}',
    next: FIX,
    judge: ({ message }) => found(message?.fault ?? null, ['metadata-reserved']),
  },
  {
    id: 'notify-message-kind',
    version: 1,
    source: sources['S0-19'],
    reason: 'message-kind-unknown',
    text: '{fault}',
    next: FIX,
    judge: ({ message }) => found(message?.fault ?? null, ['message-kind-unknown']),
  },
  {
    id: 'notify-message-shape',
    version: 1,
    source: sources['S0-18'],
    reason: 'message-invalid',
    text: '{fault}',
    next: FIX,
    judge: ({ message }) => found(message?.fault ?? null, ['message-invalid', 'message-limit']),
  },
  {
    id: 'notify-message-kind-off',
    version: 1,
    source: sources['S0-19'],
    reason: 'message-kind-disabled',
    text: 'the kind {kind} is switched off here',
    next: 'Send another kind, or take it out of DISPATCHER_KINDS_OFF.',
    judge: (situation) => {
      const kind = kindsIn(situation).find((one) => situation.settings.kindsOff.includes(one))
      return kind === undefined ? null : { kind: 'refuse', facts: { kind } }
    },
  },
]

const topicRules: readonly NotifyRule[] = [
  {
    id: 'notify-topic-missing',
    version: 1,
    source: sources['S1-17'],
    reason: 'topic-missing',
    text: 'topic is missing: consent is given about something',
    next: FIX,
    judge: ({ notify: { topic, route } }) =>
      refusedIf(!isGiven(topic) && TAKES_TOKENS.has(route ?? 'TOKEN')),
  },
  {
    id: 'notify-topic-syntax',
    version: 1,
    source: sources['S1-17'],
    reason: 'topic-invalid',
    text: 'topic is not 1 to 64 characters of [a-z0-9._-]',
    next: FIX,
    judge: ({ notify: { topic } }) => refusedIf(isGiven(topic) && !isTopic(topic)),
  },
]

const timeRules: readonly NotifyRule[] = [
  {
    id: 'notify-time-zone',
    version: 1,
    source: sources['S1-20'],
    reason: 'time-zone-unknown',
    text: 'timeZone is no zone of the IANA database, as Asia/Tokyo is',
    next: FIX,
    judge: ({ notify: { timeZone } }) => refusedIf(isGiven(timeZone) && !isTimeZone(timeZone)),
  },
]

export const notifyWords = { recipientRules, contentRules, topicRules, timeRules, FIX } as const

function contentFault({ notify: { text }, message }: NotifySituation): MessageFault | null {
  return isGiven(text) ? textFault(text) : (message?.fault ?? null)
}

function kindsIn({ notify: { text }, message }: NotifySituation): readonly MessageKind[] {
  return isGiven(text) ? kindsOf({ text }) : (message?.kinds ?? [])
}

function found(fault: MessageFault | null, of: readonly MessageReason[]): Finding | null {
  if (fault === null || !of.includes(fault.reason)) return null
  return { kind: 'refuse', reason: fault.reason, facts: { fault: fault.fault } }
}
