/** Decides what is to be done about a command that is due, and does what needs no call. */
import type { Notify, ReasonCode } from '@otn/contracts'
import { assertNever, invariant, isAppError, type PersonId, type TokenId } from '@otn/kernel'
import { chooseTokens, type LedgerAnswer, type ProposedToken } from '../domain/choose-token.ts'
import { lastAttempt, stateOf } from '../domain/command.ts'
import {
  condemn,
  doubt,
  isSuspect,
  nextStep,
  patience,
  type Step,
  type WaitStep,
} from '../domain/decide.ts'
import type { StoredCommand } from '../domain/document.ts'
import { reaches } from '../domain/freshness.ts'
import { ifSame } from '../domain/if-same.ts'
import * as transitions from '../domain/transitions.ts'
import type { DuePorts, PageView } from '../ports.ts'

interface Job {
  readonly document: StoredCommand
  /** The command itself; null where it is not known again yet after a rebuild. */
  readonly notify: Notify | null
  readonly page: PageView
}

/** Of a command that is not worked on, nothing is asked. */
const NO_PAGE: PageView = { standing: 'behind', connection: null }

/** A job that may call. */
interface CallJob extends Job {
  readonly notify: Notify
  /** The token that an attempt of unknown outcome went out with. */
  readonly pinned: TokenId | null
}

/**
 * Runs one command as far as it goes now, unless too many processes died of it. Suspects go one
 * after another, so that a last death counts against one of them and not against all.
 */
export function onCommandDue(ports: DuePorts): (found: StoredCommand) => Promise<void> {
  const work = marked(ports)
  let suspects: Promise<unknown> = Promise.resolve()
  return (found) => {
    if (!isSuspect(found)) return work(found)
    const worked = suspects.then(() => work(found))
    suspects = worked.catch(() => {})
    return worked
  }
}

/** Marks a command for as long as it is worked on. */
function marked(ports: DuePorts): (found: StoredCommand) => Promise<void> {
  const run = runOnce(ports)
  return async (found) => {
    // What was just recorded is marked by its claim: a command's first run costs no write more.
    const begun = found.isTaken ? await begin(ports, found) : found
    if (begun === null) return
    try {
      await run(begun)
    } catch (error) {
      await leave(ports, begun, error)
      throw error
    }
  }
}

/** A process that lives was not ended by the work: its mark goes. An absent store keeps it. */
async function leave(
  { commands, worker }: DuePorts,
  { id }: StoredCommand,
  error: unknown,
): Promise<void> {
  if (isAppError(error, 'OTN_STORE_UNREACHABLE')) return
  const left = commands.change(id, (known) => known && transitions.leave(known, worker))
  await left.catch(nullIfAway)
}

/** Null where somebody else changed it meanwhile. */
async function begin(
  { commands, worker }: DuePorts,
  found: StoredCommand,
): Promise<StoredCommand | null> {
  if (found.worker === worker) return found
  const marks = ifSame(found, (known) => transitions.begin(known, worker))
  const changed = await commands.change(found, marks)
  return changed.kind === 'changed' ? changed.document : null
}

function runOnce(ports: DuePorts): (begun: StoredCommand) => Promise<void> {
  return async (begun) => {
    const condemned = condemn(begun)
    const unseen = { document: begun, notify: null, page: NO_PAGE }
    if (condemned !== null) return take(ports, unseen, condemned)
    const document = await ports.tellFacts(begun, null)
    if (document === null) return
    const { pageId } = document.command
    const notify = document.content && ports.contents.open(document.content)
    const page = await ports.pages.view(pageId)
    const step = nextStep(document, notify, {
      nowMs: ports.clock.nowMs(),
      standing: page.standing,
      stop: ports.lanes.stopOf(pageId),
      limits: ports.doubt,
    })
    await take(ports, { document, notify, page }, step)
  }
}

async function take(ports: DuePorts, job: Job, step: Step): Promise<void> {
  const { commands, calls, tell } = ports
  const { document } = job
  switch (step.kind) {
    case 'rest':
      return
    case 'settle': {
      const settling = { attempt: step.attempt, settleMs: calls.settleMs }
      await commands.change(
        document,
        ifSame(document, (known) => transitions.markUnknown(known, settling)),
      )
      return tell.lapsed(document)
    }
    case 'stop-probing':
      await commands.change(document, ifSame(document, transitions.stopProbing))
      return
    case 'close':
      return close(ports, job, step.draft)
    case 'wait':
      return wait(ports, job, step)
    case 'ask': {
      const { notify } = job
      invariant(notify !== null, 'a command that may call is known')
      return spend(ports, { ...job, notify, pinned: step.pinned })
    }
    default:
      return assertNever(step)
  }
}

/** Asks the ledger, and has the first token spent that nobody holds. */
async function spend(ports: DuePorts, job: CallJob): Promise<void> {
  const { document, notify, pinned } = job
  const answer = await ask(ports, job)
  if (answer === null) return wait(ports, job, longer(ports, job, 'ledger-unavailable'))
  const choice = chooseTokens({ notify, pinned, answer, nowMs: ports.clock.nowMs() })
  if (choice.kind === 'refuse') return refuseFresh(ports, job, { answer, reason: choice.reason })
  const { connection } = job.page
  const person = answer.person ?? document.command.person
  invariant(connection !== null, 'an active page is connected')
  invariant(person !== null, 'the ledger names the person of each token')
  const { tokens } = choice
  const carried = await ports.runLane({ document, notify, person, connection, tokens })
  ports.ends.forget(document)
  if (carried === 'carried-out') return
  const reason = await whoHas(ports, tokens)
  if (reason === null) return wait(ports, job, patience(document, null))
  // The token was named, so no younger answer can bring another one.
  if (notify.tokenId) return refuse(ports, job, { reason, person })
  return refuseFresh(ports, job, { answer, reason })
}

async function ask(
  { ledger }: DuePorts,
  { notify, pinned }: CallJob,
): Promise<LedgerAnswer | null> {
  const { pageId, topic = null } = notify
  const tokenId = pinned ?? notify.tokenId ?? null
  const psid = tokenId === null ? (notify.psid ?? null) : null
  try {
    return await ledger.ask({ pageId, psid, tokenId, topic })
  } catch (error) {
    if (isAppError(error, 'OTN_LEDGER_UNAVAILABLE')) return null
    throw error
  }
}

/** What our own claims say of tokens that were all taken; null = they are free again. */
async function whoHas(
  { commands }: DuePorts,
  tokens: readonly ProposedToken[],
): Promise<ReasonCode | null> {
  const holders = await Promise.all(tokens.map(({ tokenId }) => commands.holderOf(tokenId)))
  const states = holders.map((holder) =>
    // Let go and not yet told: free within moments.
    holder === null || holder.lettingGo !== null ? null : stateOf(holder.command),
  )
  if (states.includes(null)) return null
  if (states.some((state) => state !== 'sent' && state !== 'failed')) return 'token-held'
  return states.includes('sent') ? 'token-spent' : 'token-rejected'
}

interface Refusal {
  readonly answer: LedgerAnswer
  readonly reason: ReasonCode
}

/** A stale answer never refuses: the ledger must have read the log as it was when we asked. */
async function refuseFresh(ports: DuePorts, job: CallJob, refusal: Refusal): Promise<void> {
  const { answer, reason } = refusal
  const person = job.document.command.person ?? answer.person
  const needs = await ports.ends.needsOf(job.document, person).catch(nullIfAway)
  const isFresh = needs !== null && reaches(answer.asOf, needs)
  if (!isFresh) return wait(ports, job, longer(ports, job, 'ledger-behind'))
  return refuse(ports, job, { reason, person })
}

async function refuse(
  ports: DuePorts,
  job: CallJob,
  { reason, person }: { readonly reason: ReasonCode; readonly person: PersonId | null },
): Promise<void> {
  ports.ends.forget(job.document)
  if (job.pinned !== null) return take(ports, job, doubt(job.document))
  const draft = { type: 'NotificationFailed', attempt: 0, reason, tokenReleased: null } as const
  return close(ports, job, draft, person)
}

async function close(
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

async function wait(ports: DuePorts, { document, notify }: Job, step: WaitStep): Promise<void> {
  const { commands, facts, clock, lanes } = ports
  const occasion = { nowMs: clock.nowMs(), notify }
  const drafts = step.draft ? [step.draft] : []
  const written = drafts.map((draft) => facts.write(document.command, draft, occasion))
  const waiting = { step, attempt: lastAttempt(document.command), written }
  const waits = ifSame(document, (known) => transitions.wait(known, waiting))
  const changed = await commands.change(document, waits)
  ports.tell.waited(document, step.draft?.reason ?? 'short')
  if (changed.kind !== 'changed') return
  await ports.tellFacts(changed.document, step.delayMs)
  if (step.dueAt === 0) lanes.wakeIn(step.delayMs)
}

function longer({ clock }: DuePorts, { document }: Job, reason: ReasonCode): WaitStep {
  return patience(document, { reason, nowMs: clock.nowMs() })
}

function nullIfAway(error: unknown): null {
  if (isAppError(error) && error.retryable) return null
  throw error
}
