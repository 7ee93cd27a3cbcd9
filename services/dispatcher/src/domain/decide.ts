/**
 * What is to be done about a command now. Every gate between a command and a call stands here, in
 * the order in which it is asked; a probe of unknown outcome passes the same gates as a first
 * attempt. Pure: clocks, pages and limits come as data.
 */
import type { ReasonCode } from '@otn/contracts'
import { MINUTE_MS, SECOND_MS, type TokenId } from '@otn/kernel'
import { BACK_OFF_MS_MAX, backOffMs } from './back-off.ts'
import type { Halt } from './campaign.ts'
import { type Command, holdsOf, lastAttempt, stateOf, unknownOf } from './command.ts'
import type { CommandContent } from './command-content.ts'
import type { CommandDocument, StoredCommand } from './document.ts'
import type { Cancelled, Failed, InDoubt, Scheduled } from './fact-draft.ts'
import type { StandingOfCommand } from './page.ts'

/** How far to go for an attempt whose outcome is not known. */
export interface DoubtLimits {
  /** `hold`: never a second call; only an echo or a person settles it. */
  readonly policy: 'probe' | 'hold'
  readonly probesMax: number
  /** Machine time since the first unknown attempt, ms. */
  readonly doubtMsMax: number
}

export interface Situation {
  /** Business clock. */
  readonly nowMs: number
  /** `behind`: the page events are not read far enough to say no. */
  readonly standing: StandingOfCommand
  /** Why the page's lane stands still; null = it does not. */
  readonly stop: ReasonCode | null
  /** What keeps the notifications of its campaign back; null = nothing, or it is of none. */
  readonly halt: Halt | null
  /** When the quiet hours of now end, business clock; null = it is not quiet. */
  readonly quietUntil: number | null
  readonly limits: DoubtLimits
}

export type Step =
  /** Nothing: the command has ended, or somebody else has it. */
  | { readonly kind: 'rest' }
  /** The lease lapsed: from now on the attempt counts as unknown. */
  | { readonly kind: 'settle'; readonly attempt: number }
  /** No further probe; the verdict that stands on the log is the last word. */
  | { readonly kind: 'stop-probing' }
  | { readonly kind: 'close'; readonly draft: Failed | Cancelled | InDoubt }
  | WaitStep
  /** Ask the ledger for tokens; `pinned` = only this one. */
  | { readonly kind: 'ask'; readonly pinned: TokenId | null }

export interface WaitStep {
  readonly kind: 'wait'
  /** Machine time until it is looked at again, ms. */
  readonly delayMs: number
  /** Business instant before which it is not looked at; 0 = none. */
  readonly dueAt: number
  /** To be told on the log; null where it was, or where the wait is too short to tell. */
  readonly draft: Scheduled | null
}

/** Waits until whoever resumes its campaign makes it due; told by the fact of the campaign. */
export const HELD_UNTIL = 8.64e15
const HELD: WaitStep = { kind: 'wait', delayMs: 0, dueAt: HELD_UNTIL, draft: null }

/** A wait whose end nobody knows is looked at again after this long. */
const RECHECK_MS = MINUTE_MS

/**
 * The next step.
 * @param content opened; null where it is not known again yet after a rebuild, or too late for it
 */
export function nextStep(
  document: StoredCommand,
  content: CommandContent | null,
  situation: Situation,
): Step {
  const { command, unknown } = document
  switch (stateOf(command)) {
    case 'sent':
    case 'failed':
    case 'cancelled':
      return { kind: 'rest' }
    case 'attempting': {
      const attempt = lastAttempt(command)
      if (!unknown.includes(attempt)) return { kind: 'settle', attempt }
      return resolve(document, content, situation)
    }
    case 'in-doubt':
      return document.isProbing ? resolve(document, content, situation) : { kind: 'rest' }
    case 'open':
      if (situation.halt === 'stopped') return cancelled({ by: null }, 'campaign-stopped')
      if (document.cancel !== null) return cancelled(document.cancel)
      if (situation.halt === 'paused') return HELD
      return content === null ? unread(document, situation) : begin(document, content, situation)
  }
}

/**
 * After so many processes in a row died in the work on a command nobody works on it any more (K19):
 * the first may have died of a neighbour, then three of this one alone.
 */
const DEATHS_MAX = 1 + 3

/**
 * Whether a process died of it, or beside it: whatever else was under way is as suspect as the
 * command that ended the process. The mark of whoever works on it now tells of no death.
 */
export function isSuspect({ deaths, worker }: CommandDocument, self: string): boolean {
  return deaths > 0 || (worker !== null && worker !== self)
}

/** How a command ends that ends whoever works on it: others must go on. Null = it may be tried. */
export function condemn(document: CommandDocument): Step | null {
  if (document.deaths < DEATHS_MAX || document.facts.length > 0) return null
  const isOpen = stateOf(document.command) === 'open'
  return isOpen ? close('crashed-repeatedly') : doubt(document, 'crashed-repeatedly')
}

/** A wait whose length grows; it is told on the log once it has reached its longest. */
export function patience(
  { command, waits }: CommandDocument,
  told: { readonly reason: ReasonCode; readonly nowMs: number } | null,
): WaitStep {
  const delayMs = backOffMs(waits)
  const isLong = delayMs === BACK_OFF_MS_MAX && stateOf(command) === 'open'
  if (!told || !isLong || isTold(command, told.reason)) {
    return { kind: 'wait', delayMs, dueAt: 0, draft: null }
  }
  const draft = scheduled(told.reason, told.nowMs + delayMs)
  return { kind: 'wait', delayMs, dueAt: 0, draft }
}

/** Its words are not known, or do not open: all that can be said is when it is too late. */
function unread(document: StoredCommand, { nowMs }: Situation): Step {
  const isOver = document.giveUpAt !== null && nowMs > document.giveUpAt
  return isOver ? close('gave-up') : patience(document, null)
}

function begin(document: StoredCommand, content: CommandContent, situation: Situation): Step {
  const { nowMs, standing, stop, quietUntil } = situation
  const notBefore = content.asks ? 0 : (content.notBefore ?? 0)
  const giveUpAt = content.giveUpAt ?? Number.POSITIVE_INFINITY
  if (nowMs > giveUpAt || notBefore > giveUpAt) return close('gave-up')
  if (standing === 'unknown') return close('page-unknown')
  if (standing === 'disconnected') return close('page-disconnected')
  if (standing === 'requester-not-allowed') return close(standing)
  if (nowMs < notBefore) return wait(document, { reason: 'not-before', dueAt: notBefore })
  if (quietUntil !== null) {
    if (quietUntil > giveUpAt) return close('quiet-past-give-up')
    return wait(document, { reason: 'quiet-hours', dueAt: quietUntil })
  }
  if (standing === 'behind') return patience(document, { reason: 'pages-behind', nowMs })
  if (standing !== 'active') return stand(document, standing, nowMs)
  return stop === null ? { kind: 'ask', pinned: null } : stand(document, stop, nowMs)
}

/** An attempt of unknown outcome: once more with the same token, or leave it in doubt. */
function resolve(
  document: StoredCommand,
  content: CommandContent | null,
  situation: Situation,
): Step {
  const { limits, nowMs, standing, stop, quietUntil } = situation
  const probes = probesOf(document.command)
  const pinned = holdsOf(document.command)
  const isOver =
    limits.policy === 'hold' ||
    document.cancel !== null ||
    situation.halt === 'stopped' ||
    // Without a token the platform would take the same message once more.
    pinned === null ||
    probes >= limits.probesMax ||
    document.doubtMs >= limits.doubtMsMax ||
    nowMs > (content?.giveUpAt ?? Number.POSITIVE_INFINITY)
  if (isOver) return doubt(document)
  if (situation.halt === 'paused') return patience(document, null)
  const isHeld = stop !== null || quietUntil !== null
  const mayCall = standing === 'active' && !isHeld && content !== null
  return mayCall ? { kind: 'ask', pinned } : patience(document, null)
}

/**
 * Attempts after the first one that may have sent, whatever became of them: an answer that nothing
 * went out says nothing of the attempt before it, so such a probe counts like any other.
 */
function probesOf(command: Command): number {
  const [first = 0] = unknownOf(command)
  return command.attempts.filter(({ number }) => number > first).length
}

/** The verdict in doubt: told where the attempt is not closed yet, else it stands already. */
export function doubt({ command }: CommandDocument, reason: ReasonCode = 'doubt-stands'): Step {
  if (stateOf(command) === 'in-doubt') return { kind: 'stop-probing' }
  const [attempt, tokenId] = [lastAttempt(command), holdsOf(command)]
  const draft = { type: 'NotificationInDoubt', attempt, tokenId, reason } as const
  return { kind: 'close', draft }
}

/** Whether a wait for this reason is on the log already. */
function isTold(command: Command, reason: ReasonCode): boolean {
  return command.waits.some((wait) => wait.reason === reason)
}

/** A wait for another app to let the thread go; nobody tells when it does. */
export function awaitThread(
  document: CommandDocument,
  { isRequested, nowMs }: { readonly isRequested: boolean; readonly nowMs: number },
): WaitStep {
  const reason = isRequested ? 'thread-control-requested' : 'thread-owned-elsewhere'
  return wait(document, { reason, dueAt: nowMs + RECHECK_MS })
}

/** A wait until somebody acts: the page's commands are left alone until then, so none is late. */
function stand(document: CommandDocument, reason: ReasonCode, nowMs: number): WaitStep {
  const step = wait(document, { reason, dueAt: nowMs + RECHECK_MS })
  return { ...step, delayMs: SECOND_MS, dueAt: 0 }
}

function wait(
  { command }: CommandDocument,
  { reason, dueAt }: { readonly reason: ReasonCode; readonly dueAt: number },
): WaitStep {
  const draft = isTold(command, reason) ? null : scheduled(reason, dueAt)
  return { kind: 'wait', delayMs: 0, dueAt, draft }
}

/** It was known before its call came back that nothing went out. */
function cancelled({ by }: { readonly by: string | null }, reason: ReasonCode = 'cancelled'): Step {
  const draft = { type: 'NotificationCancelled', attempt: 0, reason } as const
  return { kind: 'close', draft: { ...draft, ...(by === null ? {} : { settledBy: by }) } }
}

function close(reason: ReasonCode): Step {
  return {
    kind: 'close',
    draft: { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: null },
  }
}

function scheduled(reason: ReasonCode, dueAt: number): Scheduled {
  return { type: 'NotificationScheduled', attempt: 0, reason, dueAt, tokenReleased: null }
}
