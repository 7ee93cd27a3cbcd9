import type { AuditState } from './audit-state.ts'
import { type CommandFacts, finalOf, isInDoubt, settle } from './command-facts.ts'
import { isFinal } from './fact.ts'
import { type Finding, finding, findingKey } from './finding.ts'
import type { Limits } from './limits.ts'
import {
  attemptClosedTwice,
  attemptUnclosed,
  attemptUnfinished,
  outcomeUnattempted,
  pageNotConnected,
} from './rules/attempts.ts'
import { digestDiffers, rejectedItself } from './rules/digests.ts'
import {
  commandMoved,
  doubtStands,
  inferredWithoutDoubt,
  probeForbidden,
  probesExceeded,
} from './rules/doubts.ts'
import {
  attemptAfterFinal,
  finalWhileUnknown,
  tokenWithheld,
  twoFinals,
} from './rules/final-facts.ts'
import { refusedInSpite } from './rules/refusals.ts'
import { type Circumstances, type CommandRule, isOld, type TokenRule } from './rules/rule.ts'
import { settledContradicted } from './rules/settled.ts'
import { consent } from './rules/token-consent.ts'
import { tokenDoubled, tokenSentTwice } from './rules/token-exclusive.ts'
import { commandUnanswered, waitOverdue } from './rules/waiting.ts'
import { type TokenFacts, usesOf, withoutUser } from './token-facts.ts'

const COMMAND_RULES: readonly CommandRule[] = [
  twoFinals,
  finalWhileUnknown,
  attemptAfterFinal,
  tokenWithheld,
  outcomeUnattempted,
  attemptClosedTwice,
  attemptUnclosed,
  attemptUnfinished,
  pageNotConnected,
  commandMoved,
  inferredWithoutDoubt,
  probeForbidden,
  probesExceeded,
  doubtStands,
  commandUnanswered,
  waitOverdue,
  digestDiffers,
  rejectedItself,
  refusedInSpite,
]
/** What may still be found about a command that is kept in short. */
const SETTLED_RULES: readonly CommandRule[] = [
  settledContradicted,
  commandUnanswered,
  rejectedItself,
]
const TOKEN_RULES: readonly TokenRule[] = [tokenSentTwice, tokenDoubled, consent]

/**
 * Everything that is wrong now, each thing once, in a stable order.
 * @param nowMs by the clock of the brokers: everything that they took until then has been read
 */
export function findings(state: AuditState, nowMs: number, limits: Limits): readonly Finding[] {
  const circumstances = { state, nowMs, limits }
  const found: Finding[] = [...stains(state)]
  for (const command of state.commands.values()) found.push(...judge(command, circumstances))
  for (const token of state.tokens.values()) found.push(...judgeToken(token, circumstances))
  const once = new Map<string, Finding>()
  for (const one of found) {
    const known = once.get(findingKey(one))
    if (known === undefined || one.sinceMs < known.sinceMs) once.set(findingKey(one), one)
  }
  return [...once.values()].toSorted(
    (a, b) => a.sinceMs - b.sinceMs || (findingKey(a) < findingKey(b) ? -1 : 1),
  )
}

/**
 * Keeps commands in short that ended a while ago, where nothing is wrong with them or their tokens
 * and nothing that belongs to them is still to be read. Changes no finding.
 */
export function collapse(state: AuditState, nowMs: number, limits: Limits): AuditState {
  const circumstances = { state, nowMs: Infinity, limits }
  for (const key of state.ended) {
    const command = state.commands.get(key)
    const place = command && finalOf(command)?.place
    if (!command || !place || !isOld(place, { state, nowMs, limits }, limits.tellMs)) continue
    const tokens = tokensOf(state, command)
    const isClean =
      judge(command, circumstances).length === 0 &&
      tokens.every((token) => judgeToken(token, circumstances).length === 0)
    if (!isClean) continue
    for (const token of tokens) state.tokens.set(token.tokenId, withoutUser(token, command))
    for (const fact of command.facts) if (!isFinal(fact)) state.events.delete(fact.eventId)
    state.commands.set(key, settle(command))
    state.ended.delete(key)
  }
  return state
}

export interface CommandCounts {
  readonly total: number
  readonly inDoubt: number
  readonly settled: number
}

/** How many commands the log knows, and how many of them stand in doubt. */
export function countCommands(state: AuditState): CommandCounts {
  const commands = [...state.commands.values()]
  return {
    total: commands.length,
    inDoubt: commands.filter(isInDoubt).length,
    settled: commands.filter(({ settled }) => settled !== null).length,
  }
}

function judge(command: CommandFacts, circumstances: Circumstances): readonly Finding[] {
  const isUntouched = command.facts.length + command.asked.length === 0
  if (command.settled !== null && isUntouched) return []
  const rules = command.settled === null ? COMMAND_RULES : SETTLED_RULES
  return rules.flatMap((rule) => rule(command, circumstances))
}

function judgeToken(token: TokenFacts, circumstances: Circumstances): readonly Finding[] {
  if (token.users.length + token.spent.length === 0) return []
  const { commands } = circumstances.state
  const open = token.users.flatMap((key) => {
    const command = commands.get(key)
    return command ? usesOf(command, token.tokenId) : []
  })
  const subject = { token, uses: [...token.spent, ...open] }
  return TOKEN_RULES.flatMap((rule) => rule(subject, circumstances))
}

function tokensOf(state: AuditState, command: CommandFacts): readonly TokenFacts[] {
  const ids = new Set(command.facts.flatMap(({ tokenId }) => tokenId ?? []))
  return [...ids].flatMap((id) => state.tokens.get(id) ?? [])
}

function* stains(state: AuditState): Iterable<Finding> {
  for (const { code, subject, pageId, detail, place } of state.stains.values()) {
    yield finding(code, { subject, pageId, detail, sinceMs: place.timestampMs })
  }
}
