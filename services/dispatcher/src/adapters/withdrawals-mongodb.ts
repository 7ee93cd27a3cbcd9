import type { Collection } from 'mongodb'
import { type ConsentToCall, isWithdrawn, keysOf } from '../domain/withdrawal.ts'
import type { Gate, Withdrawals } from '../ports.ts'
import { coalesce } from './coalesce.ts'
import { reaching } from './connect-mongodb.ts'
import { lostGeneration } from './generation-mongodb.ts'
import type { StoredState } from './stored-state.ts'

/** Stands beside the generation, so that one read before a call tells both. */
const idOf = (key: string): StoredState['_id'] => `withdrawn:${key}`

/** What was withdrawn, a document a key. */
export function withdrawalsIn(collection: Collection<StoredState>): Withdrawals {
  return {
    add: async (withdrawals) => {
      if (withdrawals.length === 0) return
      const writes = withdrawals.map(({ key, at }) => ({
        updateOne: {
          filter: { _id: idOf(key) },
          update: { $setOnInsert: { id: key }, $max: { at: new Date(at) } },
          upsert: true,
        },
      }))
      await reaching(collection.bulkWrite(writes, { ordered: false }))
    },
  }
}

/** Calls that are about to be made at the same time share one look. */
const LOOKED_AT_ONCE = 200
const LOOKS_AT_A_TIME = 2

/**
 * The last read decides alone, for no write follows that a deposed primary would fail: it answers
 * once a majority has confirmed that it still leads, and holds then what was acknowledged before it
 * was asked. A call whose answer does not come in this time is not made.
 */
const LAST_LOOK = { readConcern: { level: 'linearizable' }, maxTimeMS: 2_000 } as const

/** Right before a call: is the consent still there, and is this still the store of our claim? */
export function createGate(collection: Collection<StoredState>, generationId: string): Gate {
  const look = async (tokens: readonly (ConsentToCall | null)[]) => {
    const keys = new Set(tokens.flatMap((token) => (token === null ? [] : keysOf(token))))
    const ids = ['generation' as const, ...[...keys].map(idOf)]
    const found = await reaching(collection.find({ _id: { $in: ids } }, LAST_LOOK).toArray())
    if (!found.some(({ _id, id }) => _id === 'generation' && id === generationId)) {
      throw lostGeneration()
    }
    const instants = new Map<string, number>(found.map(({ _id, at }) => [_id, at?.getTime() ?? 0]))
    const atOf = (key: string) => instants.get(idOf(key))
    return tokens.map((token) => (token && isWithdrawn(token, atOf) ? 'withdrawn' : 'open'))
  }
  const check = coalesce<ConsentToCall | null, 'withdrawn' | 'open'>(look, {
    sizeMax: LOOKED_AT_ONCE,
    callsMax: LOOKS_AT_A_TIME,
  })
  return { check, standing: async () => void (await look([])) }
}
