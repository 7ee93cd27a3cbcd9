import type { Collection } from 'mongodb'
import type { CommandRecord } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

export interface OpenCount {
  readonly state: string
  /** Why it waits; empty where it does not. */
  readonly reason: string
  readonly count: number
}

/** A count for a dashboard must not hold up the work. */
const COUNT_MS_MAX = 1_000

/** How many commands have not ended, by state and reason. */
export async function countOpen(
  commands: Collection<CommandRecord>,
): Promise<readonly OpenCount[]> {
  const options = { maxTimeMS: COUNT_MS_MAX }
  const group = { $group: { _id: { state: '$state', reason: '$waitingFor' }, count: { $sum: 1 } } }
  const rows = commands.aggregate<{
    readonly _id: { readonly state: string; readonly reason: string | null }
    readonly count: number
  }>([{ $match: { owed: true } }, group], options)
  const [owed, inDoubt] = await Promise.all([
    reaching(rows.toArray()),
    reaching(commands.countDocuments({ state: 'in-doubt' }, options)),
  ])
  const waiting = owed.map(({ _id: { state, reason }, count }) => ({
    state,
    reason: reason ?? '',
    count,
  }))
  const doubt = { state: 'in-doubt', reason: '', count: inDoubt }
  return [...waiting.filter(({ state }) => state !== 'in-doubt'), doubt]
}
