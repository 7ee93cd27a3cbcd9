/**
 * Carries out a command, C1 to C5 (C0 is on-notify.ts): claim the token, intend the call on the
 * log, call once, decide upon the outcome, tell what was decided. A crash between any two steps
 * leaves a document from which the next run goes on; nothing is decided twice.
 */
import { isAppError, Secret } from '@otn/kernel'
import { alarmOf } from '../domain/alarm.ts'
import { hasExpired, type ProposedToken } from '../domain/choose-token.ts'
import { lastAttempt, saysNothingWentOut, stateOf } from '../domain/command.ts'
import {
  type CallOutcome,
  decideOutcome,
  heldBack,
  notCalled,
  ofFormerToken,
  repeatOf,
} from '../domain/decide-outcome.ts'
import type { StoredCommand, WrittenFact } from '../domain/document.ts'
import type { FactDraft } from '../domain/fact-draft.ts'
import { ifSame } from '../domain/if-same.ts'
import { paceKindOf } from '../domain/pace-kind.ts'
import { claim, conclude, confirm, told } from '../domain/transitions.ts'
import { consentToCall } from '../domain/withdrawal.ts'
import type { Carried, Changed, DuePorts, Gate, LanePorts, Spending } from '../ports.ts'

/** What says that nothing went out is told this soon after its last look at the store, ms. */
const DENIAL_TOLD_WITHIN_MS = 2_000
/**
 * What a rebuild waits before it reads the log, so that it reads whatever an older process may
 * still tell: as long as it may begin to, and as long as the bus waits for an answer.
 */
export const OUTWAIT_OTHERS_MS = 2 * DENIAL_TOLD_WITHIN_MS
/** An outcome is offered to a store or a log that is away again and again, this far apart. */
const AWAY_RETRY_MS = 250

interface Claimed {
  readonly document: StoredCommand
  readonly attempt: number
  /** Null = the call names the person. */
  readonly token: ProposedToken | null
  readonly pageToken: Secret
  readonly raw: Secret | null
  readonly psid: Secret | null
  /** Machine time right before the claim was asked for. */
  readonly startedMs: number
}

/**
 * Spends the first token that nobody else holds, or calls without one. Throws only where nothing
 * was claimed.
 */
export function runLane(ports: LanePorts): (spending: Spending) => Promise<Carried> {
  return async (spending) => {
    const { document, content, person, connection, tokens } = spending
    const owner = { pageId: content.pageId, person }
    // Opened before the claim: what does not open must not cost an attempt.
    const pageToken = ports.tokens.pageToken(connection)
    for (const token of tokens) {
      const raw = token && ports.tokens.open(token, owner)
      const psid = psidOf(ports, spending, token)
      const attempt = lastAttempt(document.command) + 1
      const startedMs = ports.machineMs()
      const nowMs = ports.clock.nowMs()
      // The clock may have jumped since it was chosen, and the attempt bears this very time.
      if (token && hasExpired(token, nowMs)) continue
      const claimed = await claimToken(ports, spending, { token, attempt, nowMs })
      if (claimed.kind === 'token-taken') continue
      if (claimed.kind === 'changed') {
        const opened = { pageToken, raw, psid }
        const held = { document: claimed.document, attempt, token, ...opened, startedMs }
        await carryOut(ports, spending, held)
      }
      return 'carried-out'
    }
    return 'all-taken'
  }
}

/** Whom the call names; null where the token does, and the command told it only. */
function psidOf(
  { tokens }: LanePorts,
  { content, person, account }: Spending,
  token: ProposedToken | null,
): Secret | null {
  if (content.psid) return new Secret(content.psid)
  if (token !== null || account === undefined) return null
  return tokens.openAccount(account, { pageId: content.pageId, person })
}

/** C1: one guarded update; the unique index on the token held decides between commands. */
function claimToken(
  { commands, facts, calls, worker }: LanePorts,
  { document, person, advice }: Spending,
  { token, attempt, nowMs }: Pick<Claimed, 'token' | 'attempt'> & { readonly nowMs: number },
): Promise<Changed> {
  const { command } = document
  const tokenId = token?.tokenId ?? null
  const drafts: FactDraft[] = [{ type: 'NotificationAttempted', attempt, tokenId, ...advice }]
  // A probe: the attempt before it is closed by the doubt that it left.
  if (stateOf(command) === 'attempting') {
    const reason = 'outcome-unknown' as const
    drafts.unshift({ type: 'NotificationInDoubt', attempt: attempt - 1, tokenId, reason })
  }
  const occasion = { nowMs, person }
  const written = drafts.map((draft) => facts.write(command, draft, occasion))
  const wanted = { attempt, tokenId, written, leaseMs: calls.leaseMs, worker }
  const claimed = ifSame(document, (known) => claim(known, wanted))
  return commands.change(document, claimed)
}

/** C2 to C5. From here on somebody may have called, so whatever happens is an outcome. */
async function carryOut(ports: LanePorts, spending: Spending, held: Claimed): Promise<void> {
  const { document, attempt, token } = held
  const intended = await intend(ports, document)
  const said = intended ? await call(ports, spending, held) : notCalled('log-unavailable')
  const isCurrent = ports.pages.isCurrent(spending.connection)
  const outcome = isCurrent ? said : ofFormerToken(said)
  const { lanes, tell, machineMs } = ports
  const { pageId } = document.command
  if (outcome.kind === 'unknown') lanes.unanswered(pageId)
  else if (outcome.kind !== 'not-sent') lanes.answered(pageId)
  else if (outcome.pause !== null) {
    lanes.stop(pageId, { reason: outcome.reason, pause: outcome.pause })
    // The answer to a former token is no trial of the one that took its place.
  } else if (outcome.graphCode !== null && isCurrent) lanes.answered(pageId)
  if (outcome.use) lanes.used(pageId, outcome.use)
  const durationMs = machineMs() - held.startedMs
  tell.attempted({ document, attempt, tokenId: token?.tokenId ?? null, outcome, durationMs })
  const toldIds = intended ? document.facts.map(({ eventId }) => eventId) : []
  await decide(ports, { spending, held, outcome, told: toldIds })
}

/** C2: the intent is on the log, acknowledged, before anybody is called. */
async function intend({ facts }: LanePorts, document: StoredCommand): Promise<boolean> {
  try {
    await facts.tell(document.facts)
    return true
  } catch (error) {
    if (isAppError(error) && error.retryable) return false
    throw error
  }
}

/** The last gates, then C3. */
async function call(ports: LanePorts, spending: Spending, held: Claimed): Promise<CallOutcome> {
  const { gate, sender, machineMs, calls } = ports
  const { raw: token, pageToken, psid, attempt } = held
  // Half of the lease is left for the call, so it ends before anybody else may look.
  const mayStart = () => machineMs() - held.startedMs < calls.leaseMs / 2
  try {
    const { content } = spending
    const { pageId, timeZone } = content
    // First of all: whatever may stop the call must be looked at after the last wait.
    const stopping = await ports.lanes.leave(pageId, paceKindOf(content))
    if (stopping !== null) return heldBack(stopping)
    const standing = await gate.check(consentToCall({ ...spending, token: held.token }))
    if (standing === 'withdrawn') return notCalled('token-withdrawn')
    if (token === null && !(await isStillOurs(ports, held))) return notCalled('log-unavailable')
    const quiet = { pageId, timeZone, nowMs: ports.clock.nowMs() }
    if (ports.quietUntil(quiet) !== null) return notCalled('quiet-hours')
    const reason = (await spending.lastLook?.()) ?? null
    if (reason !== null) return notCalled(reason)
  } catch (error) {
    if (isAppError(error) && error.retryable) return notCalled('log-unavailable')
    throw error
  }
  if (!mayStart()) return notCalled('log-unavailable')
  const { connection, content, person } = spending
  const addressed = { connection, pageToken, token, psid }
  return sender.send({ ...addressed, content, person, attempt, mayStart })
}

/** Nothing but our own claim keeps the platform from taking such a message twice. */
async function isStillOurs(
  { commands, worker }: LanePorts,
  { document, attempt }: Claimed,
): Promise<boolean> {
  const confirmed = ifSame(document, (known) => confirm(known, { attempt, worker }))
  return (await commands.change(document, confirmed)).kind === 'changed'
}

interface Decision {
  readonly spending: Spending
  readonly held: Claimed
  readonly outcome: CallOutcome
  readonly told: readonly string[]
}

/** C4, then C5. A store that is away is asked again: an outcome in hand must not be lost. */
async function decide(ports: LanePorts, decision: Decision): Promise<void> {
  const { held, outcome } = decision
  const isProof = outcome.kind === 'sent'
  for (;;) {
    try {
      return await decideOnce(ports, decision)
    } catch (error) {
      const isAway = isAppError(error, 'OTN_STORE_UNREACHABLE')
      const isLapsed = ports.machineMs() - held.startedMs > ports.calls.leaseMs
      if (!isAway || (isLapsed && !isProof) || ports.isClosing()) throw error
      await ports.sleep(AWAY_RETRY_MS)
    }
  }
}

async function decideOnce(ports: LanePorts, decision: Decision): Promise<void> {
  const { document } = decision.held
  const { outcome } = decision
  const judge = conclusionOn(ports, decision)
  const concluded = (known: StoredCommand | null) => known && conclude(known, judge(known))
  const { commands } = ports
  const isProof = outcome.kind === 'sent'
  const changed = isProof
    ? await commands.settle(document, concluded)
    : await commands.change(document, concluded)
  if (changed.kind === 'changed') {
    if (changed.document.isContested) ports.tell.contradicted(changed.document)
    await tellFacts(ports)(changed.document, repeatOf(outcome, document.command).restMs)
  }
  if (changed.kind !== 'unchanged' || !isProof) return
  if (changed.document !== null) {
    if (isDenied(changed.document)) ports.tell.contradicted(changed.document)
    return
  }
  await tellProof(ports, stored(judge(document).written))
}

/** What the outcome decides, given the document as it is stored; now, by one look at the clock. */
function conclusionOn(ports: LanePorts, { held, outcome, spending, told: known }: Decision) {
  const { facts, calls, worker, clock } = ports
  const { attempt, token } = held
  const nowMs = clock.nowMs()
  const tokenId = token?.tokenId ?? null
  const occasion = { nowMs, person: spending.person, content: spending.content }
  return ({ command }: StoredCommand) => {
    const { restMs: retryMs, dueInMs } = repeatOf(outcome, command)
    const dueAt = nowMs + (dueInMs || retryMs)
    const verdict = decideOutcome({ command, attempt, tokenId, outcome, dueAt })
    const drafts = verdict.kind === 'fact' ? [verdict.draft] : []
    const alarm = alarmOf({ command, outcome, verdict, token, nowMs })
    return {
      ...{ attempt, verdict, told: known, settleMs: calls.settleMs, retryMs, worker },
      written: drafts.map((draft) => facts.write(command, draft, occasion)),
      alarms: alarm === null ? [] : [facts.writeAlarm(command, alarm, nowMs)],
      dueAt: dueInMs === 0 ? 0 : dueAt,
    }
  }
}

/**
 * The store was emptied meanwhile: the proof goes to the log, from which it is rebuilt. Nobody
 * else knows of it, so a log that is away is told again and again.
 */
async function tellProof(ports: LanePorts, proof: readonly WrittenFact['stored'][]): Promise<void> {
  for (;;) {
    try {
      return await ports.facts.tell(proof)
    } catch (error) {
      if (!isAppError(error) || !error.retryable || ports.isClosing()) throw error
      await ports.sleep(AWAY_RETRY_MS)
    }
  }
}

/** The books say that nothing went out, by the word of a person. */
function isDenied({ command: { final } }: StoredCommand): boolean {
  return final !== null && final.type !== 'NotificationSent'
}

/**
 * C5: tells what was decided and marks it told. That nothing went out, by an attempt or by a whole
 * command, is told only while the store is known to be the one in which that was decided: where it
 * was emptied meanwhile, another process may be at the same attempt again, and may send.
 * @param gate null: such an end is left to those who have one
 * @param thenMs how long the document is left alone afterwards, machine time
 * @returns the document with nothing left to tell; null where it is left, or somebody changed it
 */
export function tellFacts({ commands, facts, gate, machineMs }: TellPorts): DuePorts['tellFacts'] {
  return async (document, thenMs) => {
    if (document.facts.length === 0) return document
    if (!saysNothingWentOut(document.command)) await facts.tell(document.facts)
    else if (gate === null) return null
    else {
      const untilMs = machineMs() + DENIAL_TOLD_WITHIN_MS
      await gate.standing()
      await facts.tell(document.facts, untilMs)
    }
    const done = { facts: document.facts, leaseMs: thenMs }
    const changed = await commands.change(document, (known) => known && told(known, done))
    return changed.kind === 'changed' ? changed.document : null
  }
}

interface TellPorts extends Pick<LanePorts, 'commands' | 'facts' | 'machineMs'> {
  readonly gate: Gate | null
}

function stored(written: readonly WrittenFact[]): readonly WrittenFact['stored'][] {
  return written.map((fact) => fact.stored)
}
