import { placeText } from '../audit-record.ts'
import { type Asked, attemptsOf, type CommandFacts, finalOf } from '../command-facts.ts'
import { type CommandRule, isOld, ofCommand } from './rule.ts'

/** A command is answered by a fact of its digest, or by being parked. */
export const commandUnanswered: CommandRule = (command, circumstances) => {
  const { state, limits } = circumstances
  const missing = command.asked.find(
    (asked) =>
      !isAnswered(command, asked) &&
      !state.parked.has(placeText(asked.place)) &&
      isOld(asked.place, circumstances, limits.unansweredMs),
  )
  if (missing === undefined) return []
  const detail = `asked for at ${placeText(missing.place)}`
  return [ofCommand('command-unanswered', command, { detail, place: missing.place })]
}

/** Reasons that end when somebody acts, not by time: they are told once and stand. */
const UNTIL_SOMEBODY_ACTS: ReadonlySet<string | null> = new Set([
  'page-paused',
  'page-blocked',
  'page-auth-lost',
  'page-capability-missing',
  'thread-owned-elsewhere',
  'thread-control-requested',
])

/**
 * A wait is measured as long as it was meant to be, from when the broker took it: so a business
 * clock that is virtual, or wrong, makes no wait overdue.
 */
export const waitOverdue: CommandRule = (command, circumstances) => {
  const waits = command.facts.filter(({ kind }) => kind === 'scheduled')
  const last = attemptsOf(command).at(-1)?.attempt ?? 0
  // An attempt under way, or in doubt, is judged by its own rules.
  const isWaiting = last === 0 || waits.some(({ attempt }) => attempt === last)
  if (waits.length === 0 || !isWaiting || finalOf(command) !== null) return []
  if (waits.some(({ reason }) => UNTIL_SOMEBODY_ACTS.has(reason))) return []
  const longest = waits.reduce((a, b) => (dueMs(a) >= dueMs(b) ? a : b))
  const afterMs = Math.max(0, (longest.dueAt ?? 0) - longest.at) + circumstances.limits.overdueMs
  if (!isOld(longest.place, circumstances, afterMs)) return []
  const detail = `it waited for ${longest.reason}`
  return [ofCommand('wait-overdue', command, { detail, place: longest.place })]
}

interface Wait {
  readonly dueAt: number | null
  readonly at: number
  readonly place: Asked['place']
}

/** When a wait ends by the broker's clock. */
function dueMs({ dueAt, at, place }: Wait): number {
  return place.timestampMs + Math.max(0, (dueAt ?? 0) - at)
}

function isAnswered({ facts, settled }: CommandFacts, { digest }: Asked): boolean {
  if (settled?.digest === digest || settled?.final.kind === 'cancelled') return true
  return facts.some((fact) => fact.digest === digest || fact.kind === 'cancelled')
}
