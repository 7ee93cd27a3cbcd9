/**
 * The changes of a command's document, each with its guard on state and attempt: null = the guard
 * does not hold, nothing is changed. The store writes a change only onto the revision it was made
 * from, so a guard that held when it was asked holds when it is written.
 */
import type { TokenId } from '@otn/kernel'
import { holdsOf, lastAttempt, stateOf, unknownOf } from './command.ts'
import type { WaitStep } from './decide.ts'
import type { Verdict } from './decide-outcome.ts'
import {
  AT_REST,
  type Change,
  type CommandDocument,
  type StoredFact,
  type WrittenFact,
  withFacts,
} from './document.ts'

/** Others leave a decided document alone for this long, so that its facts are told once. */
export const TELL_LEASE_MS = 10_000

/**
 * The work begins. Written before it, so that a process that dies in it leaves its mark, which the
 * next one counts; a dispatcher that had leased the command and not begun leaves none.
 */
export function begin(document: CommandDocument, worker: string): Change | null {
  if (document.worker === worker) return null
  const deaths = document.deaths + (document.worker === null ? 0 : 1)
  return { document: { ...document, worker, deaths }, leaseMs: null }
}

/** The work ended without a change, in a process that lives. */
export function leave(document: CommandDocument, worker: string): Change | null {
  if (document.worker !== worker) return null
  return { document: { ...document, worker: null }, leaseMs: null }
}

interface Claim {
  /** The attempt that is claimed: one more than the last. */
  readonly attempt: number
  /** Null = the call names the person. */
  readonly tokenId: TokenId | null
  /** What closes the attempt before it, if need be, then the attempt itself. */
  readonly written: readonly WrittenFact[]
  readonly leaseMs: number
  readonly worker: string
}

/** C1: `open`, or unknown and to be probed, at attempt k-1 → `attempting` k, holding its token. */
export function claim(
  document: CommandDocument,
  { attempt, tokenId, written, leaseMs, worker }: Claim,
): Change | null {
  const { command, facts, unknown, isProbing } = document
  const last = lastAttempt(command)
  const state = stateOf(command)
  const mayCall =
    state === 'open' ||
    (state === 'attempting' && unknown.includes(last)) ||
    (state === 'in-doubt' && isProbing)
  if (!mayCall || attempt !== last + 1 || facts.length > 0) return null
  // An attempt of unknown outcome pins the command to its token for ever.
  if (state !== 'open' && holdsOf(command) !== tokenId) return null
  const claimed = withFacts(document, written)
  const work = { worker, claimant: worker, isProbing: false, waits: 0, dueAt: 0 }
  return { document: { ...claimed, ...work }, leaseMs }
}

/**
 * Right before a call that names the person: the attempt is still ours. The platform takes such a
 * message as often as it is sent, so the claim is shown to hold by one more guarded update.
 */
export function confirm(
  document: CommandDocument,
  { attempt, worker }: { readonly attempt: number; readonly worker: string },
): Change | null {
  const { command, unknown } = document
  const isOurs = document.worker === worker && !unknown.includes(attempt)
  if (stateOf(command) !== 'attempting' || lastAttempt(command) !== attempt || !isOurs) return null
  return { document, leaseMs: null }
}

interface Conclusion {
  readonly attempt: number
  readonly verdict: Verdict
  readonly written: readonly WrittenFact[]
  /** Told beside them. */
  readonly alarms: readonly StoredFact[]
  /** Facts that the worker of this attempt had acknowledged before the call. */
  readonly told: readonly string[]
  readonly settleMs: number
  /** Machine time after which a command that goes again is looked at, ms. */
  readonly retryMs: number
  /** Business instant before which it is not; 0 = none. */
  readonly dueAt: number
  /** Who made the call. */
  readonly worker: string
}

/**
 * C4: what the outcome of attempt k decides, while k is the attempt under way and its caller the
 * one who claimed it: in a store made anew an attempt of the same number is somebody else's.
 * Evidence that it sent is taken from anybody and later as well, whatever was thought meanwhile.
 */
export function conclude(document: CommandDocument, conclusion: Conclusion): Change | null {
  const { attempt, verdict, written, alarms, told, settleMs, retryMs, dueAt, worker } = conclusion
  const untold = document.facts.filter(({ eventId }) => !told.includes(eventId))
  const known = { ...document, ...AT_REST, facts: untold }
  const isUnderWay =
    stateOf(document.command) === 'attempting' && lastAttempt(document.command) === attempt
  if (!isUnderWay) return isProof(verdict) ? settle(known, written) : null
  if (document.claimant !== worker && !isProof(verdict)) return null
  if (verdict.kind === 'settle') return markUnknown(known, { attempt, settleMs })
  const next = withFacts(known, written)
  const facts = [...next.facts, ...alarms]
  const decided = { ...next, facts, isProbing: verdict.isProbing, dueAt }
  return { document: decided, leaseMs: Math.max(retryMs, TELL_LEASE_MS) }
}

/** A lapsed lease or a lost answer: k joins `unknown`, and an echo has time to come. */
export function markUnknown(
  document: CommandDocument,
  { attempt, settleMs }: { readonly attempt: number; readonly settleMs: number },
): Change | null {
  const { command, unknown } = document
  if (stateOf(command) !== 'attempting' || lastAttempt(command) !== attempt) return null
  if (unknown.includes(attempt)) return null
  // Whoever died in the attempt stays counted: it may be the call that ends each of them.
  const next = { ...document, worker: null, unknown: [...unknown, attempt] }
  return { document: next, leaseMs: settleMs, beginsDoubt: unknown.length === 0 }
}

/** A fact that ends the command, or its attempt, without a call. */
export function close(
  document: CommandDocument,
  { attempt, written }: { readonly attempt: number; readonly written: readonly WrittenFact[] },
): Change | null {
  const state = stateOf(document.command)
  if (state !== 'open' && state !== 'attempting') return null
  const fails = written.some(({ event }) => event.type === 'NotificationFailed')
  if (fails && unknownOf(document.command).length > 0) return null
  // Decided about this attempt: another one since then has a fate of its own.
  if (lastAttempt(document.command) !== attempt || document.facts.length > 0) return null
  return { document: { ...withFacts(document, written), ...AT_REST }, leaseMs: TELL_LEASE_MS }
}

/** Positive evidence: the one fact that any state but a final one takes. */
export function settle(document: CommandDocument, written: readonly WrittenFact[]): Change | null {
  if (document.command.final !== null) return null
  const next = { ...withFacts(document, written), isProbing: false }
  return { document: next, leaseMs: TELL_LEASE_MS }
}

/** A person's word: it closes a verdict in doubt and nothing else. */
export function settleByHand(
  document: CommandDocument,
  written: readonly WrittenFact[],
): Change | null {
  if (stateOf(document.command) !== 'in-doubt') return null
  const next = { ...withFacts(document, written), ...AT_REST, isProbing: false }
  return { document: next, leaseMs: TELL_LEASE_MS }
}

/** A wait: told on the log where `written` says so, and left alone for as long. */
export function wait(
  document: CommandDocument,
  { step, attempt, written }: WaitInput,
): Change | null {
  if (document.command.final !== null || lastAttempt(document.command) !== attempt) return null
  const waits = document.waits + 1
  const next = { ...withFacts(document, written), ...AT_REST, waits, dueAt: step.dueAt }
  return { document: next, leaseMs: written.length > 0 ? TELL_LEASE_MS : step.delayMs }
}

function isProof(verdict: Verdict): boolean {
  return verdict.kind === 'fact' && verdict.draft.type === 'NotificationSent'
}

interface WaitInput {
  readonly step: WaitStep
  readonly attempt: number
  readonly written: readonly WrittenFact[]
}

/**
 * C5: these very facts are on the log. All final facts of a command share one id, so another one
 * that was decided since is told by its bytes.
 */
export function told(
  document: CommandDocument,
  {
    facts: known,
    leaseMs,
  }: { readonly facts: readonly StoredFact[]; readonly leaseMs: number | null },
): Change | null {
  const isTold = (fact: StoredFact) =>
    known.some(({ eventId, value }) => eventId === fact.eventId && value.equals(fact.value))
  const facts = document.facts.filter((fact) => !isTold(fact))
  if (facts.length === document.facts.length) return null
  const lettingGo = facts.length === 0 ? null : document.lettingGo
  return { document: { ...document, facts, lettingGo }, leaseMs }
}

/** The verdict in doubt stays: nothing is owed any more. */
export function stopProbing(document: CommandDocument): Change | null {
  if (stateOf(document.command) !== 'in-doubt' || !document.isProbing) return null
  return { document: { ...document, ...AT_REST, isProbing: false }, leaseMs: 0 }
}
