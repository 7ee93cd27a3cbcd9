import { surelyBefore } from '../audit-record.ts'
import { attemptsOf, endingsOf, finalOf } from '../command-facts.ts'
import type { Fact } from '../fact.ts'
import { type Circumstances, type CommandRule, isOld, ofCommand } from './rule.ts'

/**
 * The intent is on the log, acknowledged, before the call (C2), so its record stands before that of
 * the outcome. On one partition the offset tells; else the times, up to what clocks may differ by.
 */
export const outcomeUnattempted: CommandRule = (command, circumstances) => {
  const outcome = command.facts.find(
    (fact) =>
      isOutcome(fact) &&
      isOld(fact.place, circumstances) &&
      !attemptsOf(command).some((attempt) => precedes(attempt, fact, circumstances)),
  )
  if (outcome === undefined) return []
  const detail = `${outcome.kind} by attempt ${outcome.attempt}, which is not on the log before it`
  return [ofCommand('outcome-unattempted', command, { detail, place: outcome.place })]
}

/** In doubt may become sent, or be closed by a person; every other pair excludes one another. */
export const attemptClosedTwice: CommandRule = (command) => {
  for (const { attempt } of command.facts.filter((fact) => fact.attempt > 0)) {
    const endings = endingsOf(command, attempt)
    const kinds = new Set(endings.map(({ kind }) => kind))
    const isTwice =
      kinds.has('scheduled') && (kinds.has('sent') || kinds.has('failed') || kinds.has('in-doubt'))
    const place = endings.at(-1)?.place
    if (!isTwice || place === undefined) continue
    const detail = `attempt ${attempt} ended as ${[...kinds].toSorted().join(' and ')}`
    return [ofCommand('attempt-closed-twice', command, { detail, place })]
  }
  return []
}

/** A command waits for the end of an attempt before it begins the next one. */
export const attemptUnclosed: CommandRule = (command, circumstances) => {
  // Evidence that one attempt sent ends the command, whatever became of the others.
  if (finalOf(command)?.kind === 'sent') return []
  const attempts = attemptsOf(command)
  for (const next of attempts) {
    const open = attempts.find(
      ({ attempt }) => attempt < next.attempt && endingsOf(command, attempt).length === 0,
    )
    if (open === undefined || !isOld(next.place, circumstances)) continue
    const detail = `attempt ${open.attempt} is open beside attempt ${next.attempt}`
    return [ofCommand('attempt-unclosed', command, { detail, place: next.place })]
  }
  return []
}

/** Judged by the broker's time alone, so that a virtual business clock makes no attempt old. */
export const attemptUnfinished: CommandRule = (command, circumstances) => {
  const last = attemptsOf(command).at(-1)
  if (last === undefined || finalOf(command) !== null) return []
  if (endingsOf(command, last.attempt).length > 0) return []
  const { limits } = circumstances
  if (!isOld(last.place, circumstances, limits.unfinishedMs)) return []
  const detail = `attempt ${last.attempt} has no outcome`
  return [ofCommand('attempt-unfinished', command, { detail, place: last.place })]
}

/** A page that was never connected has no access token, so nobody can have called for it. */
export const pageNotConnected: CommandRule = (command, circumstances) => {
  const [attempt] = attemptsOf(command)
  if (attempt === undefined || circumstances.state.pages.has(attempt.pageId)) return []
  if (!isOld(attempt.place, circumstances)) return []
  const detail = `attempt ${attempt.attempt} for page ${attempt.pageId}`
  return [ofCommand('page-not-connected', command, { detail, place: attempt.place })]
}

function isOutcome({ kind, attempt }: Fact): boolean {
  if (kind === 'sent' || kind === 'in-doubt') return true
  return attempt > 0 && (kind === 'failed' || kind === 'scheduled')
}

function precedes(attempt: Fact, outcome: Fact, { limits }: Circumstances): boolean {
  const isSameCall =
    attempt.attempt === outcome.attempt &&
    (outcome.tokenId === null || outcome.tokenId === attempt.tokenId)
  if (!isSameCall) return false
  const { place } = outcome
  const isOnePartition =
    attempt.place.topic === place.topic && attempt.place.partition === place.partition
  if (isOnePartition) return surelyBefore(attempt.place, place)
  return attempt.at <= outcome.at + limits.clockGraceMs
}
