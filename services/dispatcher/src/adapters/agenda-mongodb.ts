import type { Collection, Filter, UpdateFilter } from 'mongodb'
import type { StoredCommand } from '../domain/document.ts'
import type { Agenda, DueQuery } from '../ports.ts'
import { type CommandRecord, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

export interface AgendaOptions {
  readonly leaseMs: number
  /** This process, as no other one is called. It looks once at a time. */
  readonly worker: string
}

/** What is owed and due in MongoDB; a lease is taken by one update that only one worker can win. */
export function agendaIn(collection: Collection<CommandRecord>, options: AgendaOptions): Agenda {
  const free = freeFor(options.worker)
  return {
    takeDue: async (query) => {
      const found = await reaching(findDue(collection, { ...query, free }))
      const taken = await Promise.all(found.map((id) => take(collection, id, { ...options, free })))
      return taken.filter((document) => document !== null)
    },
  }
}

/**
 * Nobody has it: compared by the store's own clock, so that no machine's clock decides. Or this
 * very worker took it or began to work on it, and has it no more, for an answer was lost or its
 * lane was stopped: what it is not busy with would lie there until the lease lapses.
 */
function freeFor(worker: string): Filter<CommandRecord> {
  const isLapsed = { $expr: { $lte: ['$leaseUntil', '$$NOW'] } }
  return { $or: [isLapsed, { taker: worker }, { worker }] }
}

type Free = { readonly free: Filter<CommandRecord> }

const NO_CAMPAIGN = null
const A_CAMPAIGN = { $gt: '' }

async function findDue(
  collection: Collection<CommandRecord>,
  query: DueQuery & Free,
): Promise<readonly string[]> {
  const now = new Date(query.nowMs)
  const { without, withoutMembers = [], untold = [], busy, limit, free } = query
  const dueOf = (campaign: null | { readonly $gt: string }, pages: readonly string[]) => {
    const elsewhere = pages.length === 0 ? {} : { pageId: { $nin: [...pages] } }
    return { owed: true, campaign, dueAt: { $lte: now }, ...elsewhere, ...free } as const
  }
  // Whatever holds its page, what came of a call is settled and told.
  const underWay: Filter<CommandRecord> = { underWay: true, dueAt: { $lte: now }, ...free }
  const silent: Filter<CommandRecord> = {
    ...{ owed: true, state: 'open', waitingFor: null, dueAt: { $lte: now }, ...free },
    pageId: { $in: [...untold] },
  }
  const late: Filter<CommandRecord> = { owed: true, giveUpAt: { $lt: now }, state: 'open', ...free }
  const rows = limit + busy.size
  const ids = async (filter: Filter<CommandRecord>, by: 'dueAt' | 'giveUpAt') => {
    const cursor = collection.find(filter, { projection: { _id: 1 } })
    return (
      await cursor
        .sort({ [by]: 1 })
        .limit(rows)
        .toArray()
    ).map(({ _id }) => _id)
  }
  const found = await Promise.all([
    ids(late, 'giveUpAt'),
    without.length === 0 ? [] : ids(underWay, 'dueAt'),
    without === 'all' ? [] : ids(dueOf(NO_CAMPAIGN, without), 'dueAt'),
    // Behind all others, so that a campaign holds none of them up.
    without === 'all' ? [] : ids(dueOf(A_CAMPAIGN, [...without, ...withoutMembers]), 'dueAt'),
    // Last: to be told why one waits hurries less than a call of another page.
    untold.length === 0 ? [] : ids(silent, 'dueAt'),
  ])
  return [...new Set(found.flat())].filter((id) => !busy.has(id)).slice(0, limit)
}

async function take(
  collection: Collection<CommandRecord>,
  id: string,
  { leaseMs, worker, free }: AgendaOptions & Free,
): Promise<StoredCommand | null> {
  const lease = { leaseUntil: { $add: ['$$NOW', leaseMs] }, taker: { $literal: worker } }
  const set = { ...lease, takenAt: '$$NOW' }
  const pipeline = [{ $set: set }] as unknown as UpdateFilter<CommandRecord>
  const filter: Filter<CommandRecord> = { _id: id, owed: true, ...free }
  const options = { returnDocument: 'after' } as const
  const record = await reaching(collection.findOneAndUpdate(filter, pipeline, options))
  return record && storedCommand(record)
}
