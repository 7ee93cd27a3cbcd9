import { type Collection, Long, type UpdateFilter } from 'mongodb'
import type { Brakes } from '../brakes-port.ts'
import type { CampaignKey, Halt } from '../domain/campaign.ts'
import { coalesce } from './coalesce.ts'
import { reaching } from './connect-mongodb.ts'
import type { StoredState } from './stored-state.ts'

/** Stands beside the generation and what was withdrawn. */
const brakeId = (key: CampaignKey): StoredState['_id'] => `halted:${key}`

/** As of withdrawals: a deposed primary must not answer a last look. */
const LAST_LOOK = { readConcern: { level: 'linearizable' }, maxTimeMS: 2_000 } as const
const LOOKED_AT_ONCE = 200
const LOOKS_AT_A_TIME = 2

/** What keeps the notifications of campaigns back, a document a campaign. */
export function brakesIn(collection: Collection<StoredState>): Brakes {
  const look = coalesce<CampaignKey, Halt | null>(
    async (keys) => {
      const ids = [...new Set(keys)].map(brakeId)
      const found = await reaching(collection.find({ _id: { $in: ids } }, LAST_LOOK).toArray())
      const halts = new Map(found.map((state) => [state._id, haltIn(state)]))
      return keys.map((key) => halts.get(brakeId(key)) ?? null)
    },
    { sizeMax: LOOKED_AT_ONCE, callsMax: LOOKS_AT_A_TIME },
  )
  return {
    look,
    set: async (key, { halt, sequence }) => {
      const isNewer = { $gt: [sequence, { $ifNull: ['$sequence', -1] }] }
      const fields = {
        id: { $cond: [isNewer, { $literal: halt ?? '' }, '$id'] },
        sequence: { $cond: [isNewer, Long.fromNumber(sequence), '$sequence'] },
      }
      const update = [{ $set: fields }] as unknown as UpdateFilter<StoredState>
      await reaching(collection.updateOne({ _id: brakeId(key) }, update, { upsert: true }))
    },
  }
}

function haltIn({ id }: StoredState): Halt | null {
  return id === 'paused' || id === 'stopped' ? id : null
}
