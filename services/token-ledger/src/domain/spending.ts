import type { CommandId } from '@otn/kernel'
import { type FactSummary, remember, summarise } from './fact-summary.ts'
import { type CallEvent, STANDINGS, type Standing, standingOf } from './standing.ts'

/** How one command stands with one token. */
export interface CommandStanding {
  readonly commandId: CommandId
  /** The highest attempt known. */
  readonly attempt: number
  readonly standing: Standing
}

/** What the calls of one Kafka topic did to a token. */
export interface Spending {
  /** One entry per command that ever called with the token, ordered by command id. */
  readonly commands: readonly CommandStanding[]
  readonly facts: readonly FactSummary[]
}

const NOTHING: Spending = { commands: [], facts: [] }

/**
 * The spending after one more fact. A join: order, repeats and late repeats do not matter. Of one
 * command the highest attempt counts, and of that attempt the highest standing; `sent` beats all,
 * for nothing takes back a message. A released attempt stays closed: a late `Attempted` of it
 * ranks below. Facts that say nothing of the token leave it as it is.
 */
export function spend(known: Spending | null, event: CallEvent): Spending | null {
  const standing = standingOf(event)
  if (standing === null) return known
  const { commands, facts } = known ?? NOTHING
  const { commandId, attempt } = event
  const next = {
    commands: join(commands, { commandId, attempt, standing }),
    facts: remember(facts, summarise(event)),
  }
  return next.commands === commands && next.facts === facts ? known : next
}

/** Commands of which the token met the bare refusal and was released. */
export function refusalsIn(spending: Spending | null): number {
  return spending?.commands.filter(({ standing }) => standing === 'refused').length ?? 0
}

function join(
  commands: readonly CommandStanding[],
  told: CommandStanding,
): readonly CommandStanding[] {
  const known = commands.find(({ commandId }) => commandId === told.commandId)
  if (known && order(told, known) <= 0) return commands
  const others = commands.filter((entry) => entry !== known)
  return [...others, told].sort((a, b) => (a.commandId < b.commandId ? -1 : 1))
}

function order(a: CommandStanding, b: CommandStanding): number {
  const sent = Number(a.standing === 'sent') - Number(b.standing === 'sent')
  if (sent !== 0) return sent
  if (a.attempt !== b.attempt) return a.attempt - b.attempt
  return STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing)
}
