import type { Collection, Db } from 'mongodb'
import type { CampaignRecord } from './campaigns-mongodb.ts'
import type { CommandRecord } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'
import type { StoredCursor } from './cursors-mongodb.ts'
import type { StoredState } from './stored-state.ts'

/** The collections of this service. No other service reads them. */
export interface Database {
  readonly commands: Collection<CommandRecord>
  readonly cursors: Collection<StoredCursor>
  readonly campaigns: Collection<CampaignRecord>
  /** The generation, the leave to rebuild, and what was withdrawn. */
  readonly state: Collection<StoredState>
}

export function databaseIn(db: Db): Database {
  return {
    commands: db.collection('commands'),
    cursors: db.collection('cursors'),
    campaigns: db.collection('campaigns'),
    state: db.collection('state'),
  }
}

const ASKED = { partialFilterExpression: { asked: { $exists: true } } } as const
/** Whom questions were put to, and how many a page put. */
const ASKED_INDEXES = [
  { key: { 'asked.person': 1, 'asked.at': 1 }, name: 'asked-person', ...ASKED },
  { key: { pageId: 1, 'asked.at': 1 }, name: 'asked-page', ...ASKED },
] as const

/** Only what is owed is in the indexes of what is due: they stay small however many have ended. */
const OWED = { partialFilterExpression: { owed: true } } as const
/** What waits on a page that may not send lies in the way of nobody else. */
const HELD_INDEXES = [
  { key: { pageId: 1, waitingFor: 1, dueAt: 1 }, name: 'page-waits', ...OWED },
  {
    key: { dueAt: 1 },
    name: 'under-way',
    partialFilterExpression: { underWay: true },
  },
] as const

/** Notifications of campaigns by their state, and those that something is owed about. */
const MEMBER_INDEXES = [
  {
    key: { campaign: 1, state: 1 },
    name: 'members',
    partialFilterExpression: { campaign: { $exists: true } },
  },
  // Without a campaign: what goes before those of campaigns.
  { key: { campaign: 1, dueAt: 1 }, name: 'due-by-campaign', ...OWED },
] as const

/** For a database that an older build made; where they are there, nothing happens. */
export async function addIndexes({ commands, campaigns }: Database): Promise<void> {
  const added = [...ASKED_INDEXES, ...HELD_INDEXES, ...MEMBER_INDEXES].map((index) => ({
    ...index,
  }))
  await reaching(commands.createIndexes(added))
  await reaching(
    campaigns.createIndexes([
      { key: { leaseUntil: 1 }, name: 'due', ...OWED },
      { key: { pageId: 1, campaignId: 1 }, name: 'page' },
    ]),
  )
}

/**
 * Empties the database and makes it anew: collections and the indexes that the claims rest on. For
 * the rebuild alone, while nobody else may. First of all it is whole no more.
 */
export async function makeDatabase(database: Database): Promise<void> {
  const { commands, cursors, campaigns, state } = database
  await reaching(state.deleteOne({ _id: 'generation' }))
  await reaching(commands.drop())
  await reaching(state.deleteMany({ _id: /^(withdrawn|halted):/ }))
  await reaching(campaigns.drop())
  await reaching(cursors.drop())
  await reaching(
    commands.createIndexes([
      // What makes a token exclusive: one command at most holds it.
      {
        key: { holds: 1 },
        name: 'holds',
        unique: true,
        partialFilterExpression: { holds: { $exists: true } },
      },
      { key: { dueAt: 1 }, name: 'due', ...OWED },
      { key: { giveUpAt: 1 }, name: 'give-up', ...OWED },
      {
        key: { state: 1, inDoubtAt: 1, _id: 1 },
        name: 'in-doubt',
        partialFilterExpression: { state: 'in-doubt' },
      },
    ]),
  )
  await addIndexes(database)
}
