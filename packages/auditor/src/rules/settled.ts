import { surelyBefore } from '../audit-record.ts'
import { isFinal } from '../fact.ts'
import { type CommandRule, ofCommand } from './rule.ts'

/**
 * What a command that is kept in short did not have when it was settled, it cannot rightly get:
 * another end, a further attempt, another outcome of an attempt.
 */
export const settledContradicted: CommandRule = (command, { limits }) => {
  if (command.settled === null) return []
  const { final } = command.settled
  return command.facts.flatMap((late) => {
    const told = late.attempt === 0 ? late.kind : `${late.kind} by attempt ${late.attempt}`
    const detail = `${told} beside ${final.kind} by attempt ${final.attempt}`
    const shown = { detail, place: late.place }
    if (late.kind === 'rejected') return []
    if (isFinal(late)) return [ofCommand('two-finals', command, shown)]
    if (late.kind !== 'attempted') return [ofCommand('settled-contradicted', command, shown)]
    const isBefore = late.at <= final.at + limits.clockGraceMs
    if (isBefore || surelyBefore(late.place, final.place)) return []
    return [ofCommand('attempt-after-final', command, shown)]
  })
}
