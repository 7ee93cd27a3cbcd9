/**
 * What an attempt's outcome means for its command (step C4). Two rules above all: `failed` only
 * where it is known of every attempt that nothing went out, `sent` only on evidence.
 */
import type { ReasonCode } from '@otn/contracts'
import {
  assertNever,
  HOUR_MS,
  type MessageId,
  MINUTE_MS,
  SECOND_MS,
  type TokenId,
} from '@otn/kernel'
import { type Command, closedByProof, unknownOf } from './command.ts'
import type { AnswerFacts, FactDraft } from './fact-draft.ts'
import { threadRefusals } from './thread.ts'

/** What came of one call, judged. */
export type CallOutcome = AnswerFacts &
  Told &
  (Sent | NotSent | Refused | TokenUsed | Unknown | Unlisted)

/** What an answer tells beside its verdict. */
interface Told {
  /** Absent where no answer came. */
  readonly use?: readonly BucketUse[]
}

/** How much of a limit on the number of calls is used up. */
export interface BucketUse {
  readonly scope: 'page' | 'app'
  /** Of the limit; calls are throttled from 100. */
  readonly percent: number
  /** Until there is room again, ms; 0 where nothing is said. */
  readonly regainMs: number
}

interface Sent {
  readonly kind: 'sent'
  readonly messageId: MessageId
}

/** Known: nothing went out. The command goes again. */
interface NotSent {
  readonly kind: 'not-sent'
  readonly reason: ReasonCode
  /** Null = it concerns this command alone. */
  readonly pause: Pause | null
}

/** Which lanes stand still because of it. */
export interface Pause {
  readonly scope: 'page' | 'app'
  /** Told by the platform, ms; null = it told nothing. */
  readonly waitMs: number | null
  /** Ends with the next event of the page that may have mended it, not by time alone. */
  readonly untilPageEvent: boolean
}

/** Known: nothing went out, and nothing will by this command. */
interface Refused {
  readonly kind: 'refused'
  readonly reason: ReasonCode
  /** The token is of no use to anybody; else it is free again. */
  readonly tokenIsDead: boolean
}

/** A code that means: this token was used before. */
interface TokenUsed {
  readonly kind: 'token-used'
}

/** The message may be out. */
interface Unknown {
  readonly kind: 'unknown'
  /** False: not even the same token may be sent again. */
  readonly mayProbe: boolean
}

/** A code that nobody has judged yet. */
interface Unlisted {
  readonly kind: 'unlisted'
}

export type Verdict =
  /** No fact yet: the settle window begins. */
  | { readonly kind: 'settle' }
  | {
      readonly kind: 'fact'
      readonly draft: FactDraft
      /** In doubt, and a further attempt with the same token may follow. */
      readonly isProbing: boolean
    }

interface Call {
  readonly command: Command
  readonly attempt: number
  /** Null = the call names the person. */
  readonly tokenId: TokenId | null
  readonly outcome: CallOutcome
  /** When a command that is to be repeated is due, business clock. */
  readonly dueAt: number
}

/** The verdict on an attempt, given what is known of the attempts before it. */
export function decideOutcome(call: Call): Verdict {
  const { command, attempt, tokenId, outcome } = call
  const isPinned = unknownOf(command).some((number) => number !== attempt)
  const about = { attempt, tokenId, ...answerOf(outcome) }
  switch (outcome.kind) {
    case 'sent':
      return fact({
        type: 'NotificationSent',
        ...{ ...about, attempt: closedByProof(command, attempt) },
        certainty: 'CONFIRMED',
        messageId: outcome.messageId,
      })
    case 'not-sent': {
      if (isPinned) return inDoubt(about, 'outcome-unknown', true)
      const { reason } = outcome
      const { dueAt } = call
      return fact({
        type: 'NotificationScheduled',
        ...{ ...about, reason, dueAt },
        tokenReleased: released(tokenId, true),
      })
    }
    case 'refused': {
      // It tells nothing of the attempt before it, which may have sent.
      if (isPinned) return inDoubt(about, 'doubt-stands', false)
      const { reason, tokenIsDead } = outcome
      if (mayGoByToken(command, { tokenId, reason })) {
        const { dueAt } = call
        const draft = { type: 'NotificationScheduled', ...about, reason, dueAt } as const
        return fact({ ...draft, tokenReleased: null })
      }
      return fact({
        type: 'NotificationFailed',
        ...{ ...about, reason },
        tokenReleased: released(tokenId, !tokenIsDead),
      })
    }
    case 'token-used':
      return isPinned
        ? fact({ type: 'NotificationSent', ...about, certainty: 'INFERRED', messageId: null })
        : // Spent by somebody else: no attempt of ours can have done it.
          fact({
            type: 'NotificationFailed',
            ...about,
            reason: 'token-spent',
            tokenReleased: false,
          })
    case 'unknown':
      return outcome.mayProbe ? { kind: 'settle' } : inDoubt(about, 'outcome-unknown', false)
    case 'unlisted':
      return inDoubt(about, 'graph-unlisted', false)
    default:
      return assertNever(outcome)
  }
}

/** The outcome of an attempt that was claimed and, for certain, not called. */
export function notCalled(reason: ReasonCode): CallOutcome {
  // What keeps it back began while the call waited for its turn.
  if (reason === 'quiet-hours' || reason === 'campaign-paused' || reason === 'campaign-stopped') {
    return heldBack({ reason, pause: null })
  }
  if (reason !== 'log-unavailable') {
    const tokenIsDead = reason === 'token-withdrawn'
    return { ...NO_ANSWER, kind: 'refused', reason, tokenIsDead }
  }
  const pause: Pause = { scope: 'app', waitMs: null, untilPageEvent: false }
  return { ...NO_ANSWER, kind: 'not-sent', reason, pause }
}

/**
 * The platform refused a token that the page was called for with before it was connected anew: that
 * says nothing of the page now, so nothing stands still and the command goes again.
 */
export function ofFormerToken(outcome: CallOutcome): CallOutcome {
  if (outcome.kind !== 'not-sent' || outcome.pause?.untilPageEvent !== true) return outcome
  return { ...outcome, pause: null }
}

/** Why a call that was about to leave does not leave now. */
export type HeldBack = Pick<NotSent, 'reason' | 'pause'>

/** Claimed and, for certain, not called: not now. */
export function heldBack(by: HeldBack): CallOutcome {
  return { ...NO_ANSWER, kind: 'not-sent', ...by }
}

export interface Repeat {
  /** Machine time after which it is looked at, ms. */
  readonly restMs: number
  /** Business time before which it is not: it holds in every process, and after a restart. */
  readonly dueInMs: number
}

/** When a command that goes again does so. */
export function repeatOf(outcome: CallOutcome, command: Command): Repeat {
  if (outcome.kind !== 'not-sent') return { restMs: 0, dueInMs: 0 }
  const { reason, pause } = outcome
  if (reason === 'thread-owned-elsewhere') return { restMs: 0, dueInMs: threadWaitMs(command) }
  // Every other pause may end before its time.
  const isToldUntil = reason === 'rate-limited' && pause !== null && pause.waitMs !== null
  return isToldUntil ? { restMs: 0, dueInMs: pause.waitMs ?? 0 } : { restMs: REPEAT_MS, dueInMs: 0 }
}

/** Nobody tells when another app lets a thread go; each look costs a call. */
function threadWaitMs(command: Command): number {
  return Math.min(THREAD_MS * 2 ** Math.min(threadRefusals(command), 10), THREAD_MS_MAX)
}

const REPEAT_MS = SECOND_MS
const THREAD_MS = MINUTE_MS
const THREAD_MS_MAX = HOUR_MS
export const NO_ANSWER: AnswerFacts = {
  graphCode: null,
  graphSubcode: null,
  fbtraceId: null,
  detail: null,
  rule: null,
  rulesVersion: null,
}

type About = AnswerFacts & { readonly attempt: number; readonly tokenId: TokenId | null }

/** AUTO took the window for open, wrongly: nothing went out, and a token may do it. */
function mayGoByToken(
  { route }: Command,
  { tokenId, reason }: { readonly tokenId: TokenId | null; readonly reason: ReasonCode },
): boolean {
  return route === 'AUTO' && tokenId === null && reason === 'window-closed'
}

/** Where no token was held there is none to be let go. */
function released(tokenId: TokenId | null, isFree: boolean): boolean | null {
  return tokenId === null ? null : isFree
}

function fact(draft: FactDraft): Verdict {
  return { kind: 'fact', draft, isProbing: false }
}

function inDoubt(about: About, reason: ReasonCode, isProbing: boolean): Verdict {
  return { kind: 'fact', draft: { type: 'NotificationInDoubt', ...about, reason }, isProbing }
}

function answerOf(outcome: CallOutcome): AnswerFacts {
  const { graphCode, graphSubcode, fbtraceId, detail, rule, rulesVersion } = outcome
  return { graphCode, graphSubcode, fbtraceId, detail, rule, rulesVersion }
}
