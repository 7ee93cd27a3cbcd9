import { surelyBefore } from '../audit-record.ts'
import { attemptsOf, endingsOf, finalsOf } from '../command-facts.ts'
import type { Fact } from '../fact.ts'
import { type CommandRule, isOld, ofCommand } from './rule.ts'

/** At most one final fact. Two that differ in evidence only are one. */
export const twoFinals: CommandRule = (command) => {
  const [first, ...others] = finalsOf(command)
  const other = first && others.find((fact) => contradicts(first, fact))
  if (!first || !other) return []
  const detail = `${first.kind} by attempt ${first.attempt} and ${other.kind} by ${other.attempt}`
  return [ofCommand('two-finals', command, { detail, place: other.place })]
}

/**
 * Failed and Cancelled say that nothing went out by any attempt. A person may close a doubt, and
 * signs for it.
 */
export const finalWhileUnknown: CommandRule = (command, circumstances) => {
  const final = finalsOf(command).find(({ kind }) => kind !== 'sent')
  if (final === undefined || final.certainty === 'OPERATOR') return []
  const unclosed = ({ attempt }: Fact) =>
    attempt !== final.attempt && endingsOf(command, attempt).length === 0
  const culprit =
    command.facts.find(({ kind }) => kind === 'in-doubt') ??
    (isOld(final.place, circumstances) ? attemptsOf(command).find(unclosed) : undefined)
  if (culprit === undefined) return []
  const state = culprit.kind === 'in-doubt' ? 'in doubt' : 'unanswered'
  const detail = `${final.kind} while attempt ${culprit.attempt} is ${state}`
  return [ofCommand('final-while-unknown', command, { detail, place: final.place })]
}

/** Reasons of a failed call after which its token is of use to nobody. */
const USED_UP: ReadonlySet<string | null> = new Set(['token-spent', 'token-withdrawn'])

/** A definite failure gives its token back, unless the answer says that the token is of no use. */
export const tokenWithheld: CommandRule = (command) => {
  const withheld = finalsOf(command).find(
    ({ kind, attempt, tokenId, isReleased, reason }) =>
      kind === 'failed' && attempt > 0 && tokenId !== null && !isReleased && !USED_UP.has(reason),
  )
  if (withheld === undefined) return []
  const detail = `attempt ${withheld.attempt} failed for ${withheld.reason} and kept its token`
  return [ofCommand('token-withheld', command, { detail, place: withheld.place })]
}

/**
 * Attempt and final fact may be written by two processes, each with the time that its own clock
 * showed before it asked the store. So neither the time nor the place on the log convicts alone:
 * the attempt must be dated later by more than clocks differ, and the log must not show it earlier.
 */
export const attemptAfterFinal: CommandRule = (command, { limits }) => {
  const [final] = finalsOf(command)
  const late = attemptsOf(command).find(
    ({ at, place }) =>
      final !== undefined &&
      at > final.at + limits.clockGraceMs &&
      !surelyBefore(place, final.place),
  )
  if (final === undefined || late === undefined) return []
  const detail = `attempt ${late.attempt} after ${final.kind} by attempt ${final.attempt}`
  return [ofCommand('attempt-after-final', command, { detail, place: late.place })]
}

function contradicts(a: Fact, b: Fact): boolean {
  if (a.deciding !== b.deciding) return true
  return a.messageId !== null && b.messageId !== null && a.messageId !== b.messageId
}
