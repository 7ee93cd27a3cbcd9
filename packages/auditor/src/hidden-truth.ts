/**
 * Verdicts against what people really received. Only a simulator knows that; a test hands it over
 * as data, so that the auditor asks nobody.
 */
import type { AuditState } from './audit-state.ts'
import { type CommandFacts, finalOf } from './command-facts.ts'
import { commandKeyOf } from './fact.ts'
import { type Finding, type FindingCode, finding } from './finding.ts'

/** A message that arrived. */
export interface Delivery {
  readonly mid: string
  readonly pageId: string
  /** By the message's metadata; null where it carries none of ours. */
  readonly commandId: string | null
  /** Null where it went out without a token. */
  readonly tokenId: string | null
  /** Whether it asked for consent. */
  readonly isRequest: boolean
  readonly atMs: number
}

export interface HiddenTruth {
  readonly deliveries: readonly Delivery[]
  /** Opt-ins that were answered 200. */
  readonly answeredOptIns: readonly { readonly pageId: string; readonly tokenId: string }[]
}

/** What the log says otherwise than the truth. Everything must have been read before. */
export function compareTruth(state: AuditState, truth: HiddenTruth): readonly Finding[] {
  const byCommand = Map.groupBy(truth.deliveries, keyOf)
  const byToken = Map.groupBy(truth.deliveries, ({ tokenId }) => tokenId)
  return [
    ...[...byCommand].flatMap(([key, all]) => twice(`command ${key}`, key === null ? [] : all)),
    ...[...byToken].flatMap(([id, all]) => twice(`token ${id}`, id === null ? [] : all)),
    ...truth.deliveries.flatMap((delivery) => unexplained(state, delivery)),
    ...[...state.commands.values()].flatMap((command) =>
      falseVerdict(command, byCommand.get(command.key) ?? []),
    ),
    ...truth.answeredOptIns.flatMap(({ pageId, tokenId }) =>
      state.tokens.get(tokenId)?.grants.some((grant) => grant.pageId === pageId)
        ? []
        : [found('opt-in-lost', { subject: `token ${tokenId}`, pageId, detail: tokenId })],
    ),
  ]
}

function keyOf({ pageId, commandId, isRequest }: Delivery): string | null {
  return commandId === null ? null : commandKeyOf(pageId, commandId, isRequest)
}

function twice(subject: string, deliveries: readonly Delivery[]): readonly Finding[] {
  const mids = new Set(deliveries.map(({ mid }) => mid))
  const [first] = deliveries
  if (mids.size < 2 || first === undefined) return []
  const detail = `${mids.size} messages of ${subject}`
  return [found('delivered-twice', { subject, pageId: first.pageId, detail, atMs: first.atMs })]
}

/** Every message comes from an attempt of its command with its token. */
function unexplained(state: AuditState, delivery: Delivery): readonly Finding[] {
  const { mid, pageId, tokenId, atMs } = delivery
  const key = keyOf(delivery)
  const command = key === null ? undefined : state.commands.get(key)
  if (command !== undefined && hasAttempt(state, command, tokenId)) return []
  const detail = key === null ? `message ${mid} carries no command` : `message ${mid} of ${key}`
  return [found('delivery-unattempted', { subject: `message ${mid}`, pageId, detail, atMs })]
}

function hasAttempt(state: AuditState, command: CommandFacts, tokenId: string | null): boolean {
  const isSpent = state.tokens
    .get(tokenId ?? '')
    ?.spent.some(({ commandKey }) => commandKey === command.key)
  if (isSpent === true) return true
  // Of a command that is kept in short no attempt says which token it had, or that it had none.
  const kept = tokenId === null ? (command.settled?.attempts ?? []) : []
  return (
    kept.some((kinds) => kinds.includes('attempted')) ||
    command.facts.some((fact) => fact.kind === 'attempted' && fact.tokenId === tokenId)
  )
}

function falseVerdict(command: CommandFacts, arrived: readonly Delivery[]): readonly Finding[] {
  const final = finalOf(command)
  if (final === null || (final.kind === 'sent') === arrived.length > 0) return []
  const code = final.kind === 'sent' ? 'sent-undelivered' : 'failed-yet-delivered'
  const { key, pageId } = command
  const detail = `${key}, ${final.kind} by attempt ${final.attempt}`
  const atMs = final.place.timestampMs
  return [found(code, { subject: `command ${key}`, pageId, detail, atMs })]
}

interface Shown {
  readonly subject: string
  readonly pageId: string
  readonly detail: string
  readonly atMs?: number
}

function found(code: FindingCode, { atMs = 0, ...shown }: Shown): Finding {
  return finding(code, { ...shown, sinceMs: atMs })
}
