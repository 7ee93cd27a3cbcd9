/** How a command that is due ends or waits, whatever it asks for. */
import type { ReasonCode } from '@otn/contracts'
import { isAppError, type PersonId, type TokenId } from '@otn/kernel'
import { jittered } from '../domain/back-off.ts'
import type { LedgerAnswer } from '../domain/choose-token.ts'
import { lastAttempt, stateOf } from '../domain/command.ts'
import type { CommandContent } from '../domain/command-content.ts'
import { doubt, patience, type Step, type WaitStep } from '../domain/decide.ts'
import type { StoredCommand } from '../domain/document.ts'
import type { Ruling } from '../domain/fact-draft.ts'
import { reaches } from '../domain/freshness.ts'
import { ifSame } from '../domain/if-same.ts'
import { judgeNotifyPage } from '../domain/judge-notify.ts'
import { judgePage } from '../domain/judge-request.ts'
import * as transitions from '../domain/transitions.ts'
import type { DuePorts, PageView } from '../ports.ts'

export interface Job {
  readonly document: StoredCommand
  /** The command itself; null where it is not known again yet after a rebuild. */
  readonly content: CommandContent | null
  readonly page: PageView
}

/** A job that may call. */
export interface CallJob extends Job {
  readonly content: CommandContent
  /** The token that an attempt of unknown outcome went out with. */
  readonly pinned: TokenId | null
}

/** Null where the ledger does not answer. */
export async function ask(
  { ledger }: DuePorts,
  { content, pinned }: CallJob,
): Promise<LedgerAnswer | null> {
  const { pageId, topic = null } = content
  const tokenId = pinned ?? content.tokenId ?? null
  const psid = tokenId === null ? (content.psid ?? null) : null
  const externalUserId = tokenId === null ? accountOf(content) : null
  try {
    return await ledger.ask({ pageId, psid, tokenId, externalUserId, topic })
  } catch (error) {
    if (isAppError(error, 'OTN_LEDGER_UNAVAILABLE')) return null
    throw error
  }
}

/** The account that a command names a person by; null where it names them otherwise. */
function accountOf(content: CommandContent): string | null {
  return content.asks ? null : (content.externalUserId ?? null)
}

/**
 * Whether a command that is pinned to its token still goes to whom its account names: an unlinked
 * person gets no repeat either. Else why it waits, or is over.
 */
export async function accountStands(
  ports: DuePorts,
  job: CallJob,
  person: PersonId | null,
): Promise<'stands' | 'ledger-unavailable' | 'ledger-behind' | 'over'> {
  const { content, pinned } = job
  if (pinned === null || accountOf(content) === null) return 'stands'
  const byAccount = { ...job, pinned: null }
  const answer = await ask(ports, byAccount)
  if (answer === null) return 'ledger-unavailable'
  if (!(await isFresh(ports, byAccount, answer))) return 'ledger-behind'
  return answer.person === person ? 'stands' : 'over'
}

export interface Refusal {
  readonly answer: LedgerAnswer
  readonly reason: ReasonCode
  /** The rule of the policy that refuses; null where it is none. */
  readonly ruling?: Ruling | null
}

/** A stale answer never refuses: the ledger must have read the log as it was when we asked. */
export async function refuseFresh(ports: DuePorts, job: CallJob, refusal: Refusal): Promise<void> {
  const { answer, reason, ruling = null } = refusal
  if (!(await isFresh(ports, job, answer))) {
    return wait(ports, job, longer(ports, job, 'ledger-behind'))
  }
  const person = job.document.command.person ?? answer.person
  return refuse(ports, job, { reason, person, ruling })
}

/** Whether the ledger has read whatever was on the log when the command came. */
export async function isFresh(
  { ends }: DuePorts,
  { document, content, pinned }: CallJob,
  { person, asOf }: LedgerAnswer,
): Promise<boolean> {
  // Anybody may have linked the account since, so no one person's partition tells enough.
  const isByAccount = pinned === null && accountOf(content) !== null
  const about = isByAccount ? null : (document.command.person ?? person)
  const needs = await ends.needsOf(document, about).catch(nullIfAway)
  return needs !== null && reaches(asOf, needs)
}

/** What the rules on its page say of a command that has not begun; null = it may go on. */
export async function ruledOutByPage(
  ports: DuePorts,
  { document, content, page }: Job,
): Promise<Step | null> {
  if (content === null || stateOf(document.command) !== 'open') return null
  const nowMs = ports.clock.nowMs()
  if (content.asks) {
    const { refusal } = judgePage(content, { standing: page.standing, settings: ports.asking })
    return refusal && refused(refusal.reason, refusal.ruling)
  }
  // Page and clock rule on tags alone.
  if (content.route !== 'TAG' || nowMs < (content.notBefore ?? 0)) return null
  const { refusal } = judgeNotifyPage(content, { settings: ports.notifying, nowMs, page })
  if (refusal === null) return null
  const isStale = refusal.reason === 'page-blocked' && !(await ports.pages.isRead(content.pageId))
  if (isStale) return patience(document, { reason: 'pages-behind', nowMs })
  return refused(refusal.reason, refusal.ruling)
}

export async function refuse(
  ports: DuePorts,
  job: CallJob,
  {
    reason,
    person,
    ruling,
  }: Pick<Refusal, 'reason' | 'ruling'> & { readonly person: PersonId | null },
): Promise<void> {
  ports.ends.forget(job.document)
  const step = job.pinned === null ? refused(reason, ruling ?? null) : doubt(job.document)
  return step.kind === 'close' ? close(ports, job, step.draft, person) : stopProbing(ports, job)
}

/** A refusal without a call. */
function refused(reason: ReasonCode, ruling: Ruling | null): CloseStep {
  const draft = { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: null } as const
  return { kind: 'close', draft: { ...draft, ...ruling } }
}

type CloseStep = Extract<Step, { kind: 'close' }>

/** The verdict in doubt stands: nothing further is owed. */
export async function stopProbing({ commands }: DuePorts, { document }: Job): Promise<void> {
  await commands.change(document, ifSame(document, transitions.stopProbing))
}

export async function close(
  ports: DuePorts,
  { document }: Job,
  draft: Extract<Step, { kind: 'close' }>['draft'],
  person: PersonId | null = null,
): Promise<void> {
  const { commands, facts, clock } = ports
  const written = [facts.write(document.command, draft, { nowMs: clock.nowMs(), person })]
  const attempt = lastAttempt(document.command)
  const closed = ifSame(document, (known) => transitions.close(known, { attempt, written }))
  const changed = await commands.change(document, closed)
  if (changed.kind !== 'changed') return
  ports.tell.closed(changed.document)
  await ports.tellFacts(changed.document, 0)
}

export async function wait(
  ports: DuePorts,
  { document, content }: Job,
  step: WaitStep,
): Promise<void> {
  const { commands, facts, clock, lanes, random } = ports
  const delayMs = jittered(step.delayMs, random())
  const occasion = { nowMs: clock.nowMs(), content }
  const drafts = step.draft ? [step.draft] : []
  const written = drafts.map((draft) => facts.write(document.command, draft, occasion))
  const waiting = { step: { ...step, delayMs }, attempt: lastAttempt(document.command), written }
  const waits = ifSame(document, (known) => transitions.wait(known, waiting))
  const changed = await commands.change(document, waits)
  ports.tell.waited(document, step.draft?.reason ?? 'short')
  if (changed.kind !== 'changed') return
  await ports.tellFacts(changed.document, delayMs)
  if (step.dueAt === 0) lanes.wakeIn(delayMs)
}

/** A wait that is no news: others are before it. */
export function shortly(delayMs: number): WaitStep {
  return { kind: 'wait', delayMs, dueAt: 0, draft: null }
}

export function longer({ clock }: DuePorts, { document }: Job, reason: ReasonCode): WaitStep {
  return patience(document, { reason, nowMs: clock.nowMs() })
}

export function nullIfAway(error: unknown): null {
  if (isAppError(error) && error.retryable) return null
  throw error
}
