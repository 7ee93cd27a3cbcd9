/** A fact before it has an id, an instant and an envelope: what a decision says happened. */
import type { ReasonCode } from '@otn/contracts'
import type { EventId, Identity, MessageId, PersonId, TokenId } from '@otn/kernel'
import type { Route } from '@otn/policy'
import { type Command, documentId } from './command.ts'
import { type CommandFact, typeOnLog } from './command-fact.ts'

/** What is kept of the platform's answer; nothing in it names or empowers a person. */
export interface AnswerFacts {
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly fbtraceId: string | null
  /** One masked line. */
  readonly detail: string | null
  /** Row of the answer table, and the table's version. */
  readonly rule: string | null
  readonly rulesVersion: string | null
}

/** Which rule of the policy speaks, and what it says. */
export type Ruling = Pick<AnswerFacts, 'detail' | 'rule' | 'rulesVersion'>

export type Certainty = 'CONFIRMED' | 'ECHOED' | 'INFERRED' | 'OPERATOR'

interface Draft extends Partial<AnswerFacts> {
  /** 0 = the fact is about no call. */
  readonly attempt: number
  readonly tokenId?: TokenId | null
}

export interface Attempted extends Draft {
  readonly type: 'NotificationAttempted'
}

export interface Scheduled extends Draft {
  readonly type: 'NotificationScheduled'
  readonly reason: ReasonCode
  readonly dueAt: number
  readonly tokenReleased: boolean | null
}

export interface Sent extends Draft {
  readonly type: 'NotificationSent'
  readonly certainty: Certainty
  readonly messageId: MessageId | null
  /** Event id of the evidence, where it was no answer of ours; of an OPERATOR, the name. */
  readonly settledBy?: EventId | string
}

export interface Failed extends Draft {
  readonly type: 'NotificationFailed'
  readonly reason: ReasonCode
  readonly tokenReleased: boolean | null
  /** Only a person may say so of what stood in doubt, and signs for it. */
  readonly certainty?: 'OPERATOR'
  readonly settledBy?: string
}

export interface Cancelled extends Draft {
  readonly type: 'NotificationCancelled'
  readonly reason: ReasonCode
  /** Who asked for it, where that is known. */
  readonly settledBy?: string
}

export interface InDoubt extends Draft {
  readonly type: 'NotificationInDoubt'
  readonly reason: ReasonCode
}

export type FactDraft = Attempted | Scheduled | Sent | Failed | Cancelled | InDoubt

/** What the shell adds to a draft. */
export interface Occasion {
  readonly identity: Identity
  /** Business clock. */
  readonly nowMs: number
  /** Whom the ledger says the token belongs to, where the command did not know. */
  readonly person: PersonId | null
}

/** A fact about a command, all but the sealed content that `NotificationScheduled` adds. */
export type NamedFact =
  | Exclude<CommandFact, { type: 'NotificationScheduled' }>
  | Omit<Extract<CommandFact, { type: 'NotificationScheduled' }>, 'keyId' | 'sealed'>

const FINAL = new Set<FactDraft['type']>([
  'NotificationSent',
  'NotificationFailed',
  'NotificationCancelled',
])

/** Names a drafted fact: its id follows from what it says, so a repeat has the same id. */
export function nameFact(command: Command, draft: FactDraft, occasion: Occasion): NamedFact {
  const id = documentId(command.pageId, command.commandId)
  return {
    pageId: command.pageId,
    commandId: command.commandId,
    commandDigest: command.digest,
    person: command.person ?? occasion.person,
    topic: command.topic,
    ...routeOf(command, draft),
    ...(command.asks ? { asks: command.asks } : {}),
    ...ofCampaign(command),
    requestedBy: command.requestedBy,
    requestedAt: command.requestedAt,
    correlationId: id,
    causationId: causeOf(draft) ?? id,
    ...draft,
    eventId: factId(command, draft, occasion.identity),
    at: occasion.nowMs,
  }
}

/** Absent where it is of none: facts of requests have no such field. */
function ofCampaign({ campaignId }: Command): Pick<CommandFact, 'campaignId'> {
  return campaignId === null ? {} : { campaignId }
}

/** How the call of an attempt went; where AUTO chose for it, beside what was asked. */
function routeOf(
  { route, attempts }: Command,
  { attempt, tokenId }: FactDraft,
): Pick<CommandFact, 'commandRoute'> & { readonly route: Route } {
  if (route !== 'AUTO' || attempt === 0) return { route }
  const token = tokenId ?? attempts.find(({ number }) => number === attempt)?.tokenId ?? null
  return { route: token === null ? 'WINDOW' : 'TOKEN', commandRoute: route }
}

/** The evidence that a fact rests on; a person's word is none that stands on the log. */
function causeOf(draft: FactDraft): string | null {
  if (draft.type !== 'NotificationSent' || draft.certainty === 'OPERATOR') return null
  return draft.settledBy ?? null
}

/** The refused reuse of a command id: about the other command, whose digest names the fact. */
export function nameRejection(command: Command, occasion: Occasion): NamedFact {
  const { pageId, commandId, digest, topic, route, asks, requestedBy, requestedAt } = command
  const parts = [commandId, '0', digest]
  return {
    type: 'CommandRejected',
    eventId: occasion.identity.event('CommandRejected', pageId, parts),
    ...{ pageId, commandId, commandDigest: digest, attempt: 0, at: occasion.nowMs },
    ...{ person: command.person, topic, route, requestedBy, requestedAt },
    ...(asks ? { asks } : {}),
    ...ofCampaign(command),
    reason: 'command-id-reused',
    correlationId: documentId(pageId, commandId),
    causationId: documentId(pageId, commandId),
  }
}

/** Key of a fact: the person, or the command where nobody knows the person. */
export function keyOf({ person, commandId }: CommandFact | NamedFact): string {
  return person ?? `c:${commandId}`
}

/** Final facts of a command share one id, so that two different ones collide and are noticed. */
function factId(
  { pageId, commandId, asks }: Command,
  draft: FactDraft,
  identity: Identity,
): EventId {
  const { attempt } = draft
  const type = typeOnLog(draft.type, asks)
  if (FINAL.has(draft.type)) return identity.event('Final', pageId, [commandId])
  const parts = [commandId, String(attempt)]
  if (draft.type !== 'NotificationScheduled') return identity.event(type, pageId, parts)
  return identity.event(type, pageId, [...parts, draft.reason, String(draft.dueAt)])
}
