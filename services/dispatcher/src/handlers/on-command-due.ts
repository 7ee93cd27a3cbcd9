/** Decides what is to be done about a command that is due, and does what needs no call. */
import type { ReasonCode } from '@otn/contracts'
import { assertNever, invariant, isAppError } from '@otn/kernel'
import { campaignKey, type Halt } from '../domain/campaign.ts'
import { chooseTokens, type LedgerAnswer, type ProposedToken } from '../domain/choose-token.ts'
import { stateOf } from '../domain/command.ts'
import { condemn, isSuspect, nextStep, patience, type Step } from '../domain/decide.ts'
import type { StoredCommand } from '../domain/document.ts'
import { ifSame } from '../domain/if-same.ts'
import { paceKindOf } from '../domain/pace-kind.ts'
import * as transitions from '../domain/transitions.ts'
import type { DuePorts, PageView } from '../ports.ts'
import { chooseForNotify } from './choose-for-notify.ts'
import { type Choice, chooseForRequest } from './choose-for-request.ts'
import {
  accountStands,
  ask,
  type CallJob,
  close,
  isFresh,
  type Job,
  longer,
  nullIfAway,
  refuse,
  refuseFresh,
  ruledOutByPage,
  shortly,
  stopProbing,
  wait,
} from './due-steps.ts'
import { suspectsInTurn } from './suspects-in-turn.ts'
import { giveThreadBack, threadStep } from './thread-control.ts'

/** Of a command that is not worked on, nothing is asked. */
const NO_PAGE: PageView = { standing: 'behind', isWarned: false, connection: null }

/** Runs one command as far as it goes now, unless too many processes died of it. */
export function onCommandDue(ports: DuePorts): (found: StoredCommand) => Promise<void> {
  const work = marked(ports)
  const suspects = suspectsInTurn(work)
  return (found) => (isSuspect(found, ports.worker) ? suspects(found) : work(found))
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
    const unseen = { document: begun, content: null, page: NO_PAGE }
    if (condemned !== null) return take(ports, unseen, condemned)
    const document = await ports.tellFacts(begun, null)
    if (document === null) return
    const { pageId, topic, requestedBy, asks } = document.command
    const content = openedContent(ports, document)
    const notifying = asks === null ? { topic, requestedBy } : null
    const page = await ports.pages.view(pageId, notifying)
    const ruledOut = await ruledOutByPage(ports, { document, content, page })
    if (ruledOut !== null) return take(ports, { document, content, page }, ruledOut)
    const halt = await haltOf(ports, document)
    const nowMs = ports.clock.nowMs()
    const step = nextStep(document, content, {
      nowMs,
      standing: page.standing,
      stop: ports.lanes.stopOf(pageId),
      halt,
      quietUntil: ports.quietUntil({ pageId, nowMs, timeZone: content?.timeZone }),
      limits: ports.doubt,
    })
    await take(ports, { document, content, page }, step)
  }
}

/**
 * What does not open, for its key is not here or its row is another's, waits for whoever mends that
 * until the command is to be given up; then it ends, for every command does.
 */
function openedContent({ contents, clock }: DuePorts, document: StoredCommand) {
  const { content, command, giveUpAt } = document
  try {
    return content && contents.open(content, command)
  } catch (error) {
    if (giveUpAt === null || clock.nowMs() <= giveUpAt) throw error
    return null
  }
}

/** Asked once more with the claim in hand: a pause that was told by then is kept. */
function haltedSince(ports: DuePorts, { document }: Job): () => Promise<ReasonCode | null> {
  return async () => {
    const halt = await haltOf(ports, document)
    return halt && (`campaign-${halt}` as const)
  }
}

/** Of a notification of a campaign. */
async function haltOf({ brakes }: DuePorts, { command }: StoredCommand): Promise<Halt | null> {
  const { pageId, campaignId } = command
  return campaignId === null ? null : brakes.look(campaignKey(pageId, campaignId))
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
      return stopProbing(ports, job)
    case 'close':
      return close(ports, job, step.draft)
    case 'wait':
      return wait(ports, job, step)
    case 'ask': {
      const { content } = job
      invariant(content !== null, 'a command that may call is known')
      return spend(ports, { ...job, content, pinned: step.pinned })
    }
    default:
      return assertNever(step)
  }
}

/** Asks the ledger, and has the first token spent that nobody holds. */
async function spend(ports: DuePorts, job: CallJob): Promise<void> {
  const { document, content } = job
  const answer = await ask(ports, job)
  if (answer === null) return wait(ports, job, longer(ports, job, 'ledger-unavailable'))
  const person = answer.person ?? document.command.person
  const account = await accountStands(ports, job, answer.person)
  if (account === 'over') return refuse(ports, job, { reason: 'external-user-unknown', person })
  if (account !== 'stands') return wait(ports, job, longer(ports, job, account))
  const choice = await choose(ports, job, answer)
  if (choice.kind === 'refuse') return refuseFresh(ports, job, { answer, ...choice })
  if (choice.mustBeFresh && !(await isFresh(ports, job, answer))) {
    return wait(ports, job, longer(ports, job, 'ledger-behind'))
  }
  if (!(await ports.withdrawalsRead().catch(nullIfAway))) {
    return wait(ports, job, longer(ports, job, 'withdrawals-behind'))
  }
  const chosen = { answer, tokens: choice.tokens }
  const held = await threadStep(ports, job, chosen)
  if (held !== null) return wait(ports, job, held)
  const turn = await ports.lanes.turn(content.pageId, paceKindOf(content))
  if (turn.kind === 'later') return wait(ports, job, shortly(turn.delayMs))
  const { connection } = job.page
  invariant(connection !== null, 'an active page is connected')
  invariant(person !== null, 'the ledger names the person of each token')
  const { tokens, advice, actedAt } = choice
  const lastLook = document.command.campaignId === null ? choice.lastLook : haltedSince(ports, job)
  const call = { person, connection, account: answer.account }
  const spending = { document, content, ...call, tokens, advice, lastLook, actedAt }
  const carried = await ports.runLane(spending)
  ports.ends.forget(document)
  if (carried === 'carried-out') return giveThreadBack(ports, job, chosen)
  const reason = await whoHas(ports, tokens)
  if (reason === null) return wait(ports, job, patience(document, null))
  // The token was named, so no younger answer can bring another one.
  if (content.tokenId) return refuse(ports, job, { reason, person })
  return refuseFresh(ports, job, { answer, reason })
}

/** The tokens to try; a command pinned to its token passed every other rule before. */
async function choose(
  ports: DuePorts,
  { document, content, pinned, page }: CallJob,
  answer: LedgerAnswer,
): Promise<Choice> {
  const nowMs = ports.clock.nowMs()
  if (pinned !== null) {
    const choice = chooseTokens({ notify: content, pinned, answer, nowMs })
    const nothing = { advice: null, lastLook: null, actedAt: null, mustBeFresh: false }
    return choice.kind === 'refuse' ? choice : { ...choice, ...nothing }
  }
  if (content.asks) return chooseForRequest(ports, { document, request: content, answer, nowMs })
  return chooseForNotify(ports, { document, notify: content, answer, page })
}

/** What our own claims say of tokens that were all taken; null = they are free again. */
async function whoHas(
  { commands }: DuePorts,
  tokens: readonly (ProposedToken | null)[],
): Promise<ReasonCode | null> {
  // Leave to ask is kept for moments; then the books tell what came of it.
  if (tokens.includes(null)) return null
  const ids = tokens.flatMap((token) => token?.tokenId ?? [])
  const holders = await Promise.all(ids.map((id) => commands.holderOf(id)))
  const states = holders.map((holder) =>
    // Let go and not yet told: free within moments.
    holder === null || holder.lettingGo !== null ? null : stateOf(holder.command),
  )
  if (states.includes(null)) return null
  if (states.some((state) => state !== 'sent' && state !== 'failed')) return 'token-held'
  return states.includes('sent') ? 'token-spent' : 'token-rejected'
}
