import type { Collection, Filter } from 'mongodb'
import type { Members } from '../campaign-ports.ts'
import type { CampaignKey, Counts } from '../domain/campaign.ts'
import { HELD_UNTIL } from '../domain/decide.ts'
import { type CommandRecord, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

/** The notifications of campaigns, as the documents of their commands know them. */
export function membersIn(commands: Collection<CommandRecord>): Members {
  const openOf = (campaign: CampaignKey): Filter<CommandRecord> => ({ campaign, state: 'open' })
  return {
    look: async (campaign) => {
      const [open, owed] = await Promise.all([
        reaching(commands.countDocuments(openOf(campaign))),
        reaching(commands.findOne({ campaign, owed: true }, { projection: { _id: 1 } })),
      ])
      return { open, isOwed: owed !== null }
    },
    count: async (campaign) => {
      const group = { $group: { _id: '$state', count: { $sum: 1 } } }
      const rows = commands.aggregate<StateCount>([{ $match: { campaign } }, group])
      return countsOf(await reaching(rows.toArray()))
    },
    open: async (campaign, limit) => {
      const found = commands.find(openOf(campaign), { projection: { _id: 1 } }).limit(limit)
      return (await reaching(found.toArray())).map(({ _id }) => _id)
    },
    bare: async (campaign, limit) => {
      const found = commands.find({ campaign, owed: true, content: null }).limit(limit)
      return (await reaching(found.toArray())).map(storedCommand)
    },
    wake: async (campaign) => {
      const held = { campaign, owed: true, dueAt: new Date(HELD_UNTIL) } as const
      await reaching(commands.updateMany(held, { $set: { dueAt: new Date(0) } }))
    },
  }
}

interface StateCount {
  readonly _id: string
  readonly count: number
}

function countsOf(rows: readonly StateCount[]): Counts {
  const of = (state: string) => rows.find(({ _id }) => _id === state)?.count ?? 0
  return {
    recorded: rows.reduce((sum, { count }) => sum + count, 0),
    sent: of('sent'),
    failed: of('failed'),
    inDoubt: of('in-doubt'),
    cancelled: of('cancelled'),
  }
}
