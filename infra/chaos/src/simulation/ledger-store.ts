import { appError } from '@otn/kernel'
import {
  type Cursors,
  type DocumentStore,
  perTopic,
  type Store,
  type Versioned,
  type WithdrawalScope,
} from '@otn/token-ledger/decisions'
import type { Actor } from './actor.ts'
import { storeAway } from './claims-ports.ts'
import { partitionsOf } from './kafka.ts'
import type { Kind } from './ledger-database.ts'
import type { Universe } from './universe.ts'

const lost = () => appError('OTN_STORE_GENERATION_LOST', { message: 'the read model was emptied' })

/** The ledger's database as one of its processes sees it, through the network. */
export function ledgerStoreOf(universe: Universe, actor: Actor, generation: string): Store {
  const { ledgerDatabase, wire } = universe
  const model = {
    tokens: documentsOf<never>(universe, actor, 'tokens'),
    persons: documentsOf<never>(universe, actor, 'persons'),
    pages: documentsOf<never>(universe, actor, 'pages'),
    tokensWithin: (scope: WithdrawalScope) => {
      const effect = () => ledgerDatabase.tokensWithin(scope)
      return wire.call(actor, { label: 'ledger.within', effect, error: storeAway, isRead: true })
    },
  }
  const cursors = ledgerCursorsOf(universe, actor, generation)
  const look = () => {
    if (ledgerDatabase.generation?.id !== generation) throw lost()
    return ledgerDatabase.generation
  }
  return {
    now: async () => {
      const call = { label: 'ledger.now', effect: look, error: storeAway, isRead: true }
      const { isLive } = await wire.call(actor, call)
      const state = isLive ? ('live' as const) : ('filling' as const)
      const about = { id: generation, version: 1, state, clusterId: 'c', pepperCheck: 'p' }
      return { generation: { ...about, isFrozen: false, isWorkedOn: false }, model, cursors }
    },
    verify: async () => {
      await wire.call(actor, { label: 'ledger.now', effect: look, error: storeAway, isRead: true })
    },
    goLive: async () => {
      const effect = () => {
        ledgerDatabase.generation = { ...look(), isLive: true }
      }
      await wire.call(actor, { label: 'ledger.goLive', effect, error: storeAway })
    },
  }
}

function documentsOf<T extends object>(
  { ledgerDatabase, wire, random, climate, faults }: Universe,
  actor: Actor,
  kind: Kind,
): DocumentStore<T> {
  const stored = ledgerDatabase.documents[kind] as unknown as Map<string, Versioned<T>>
  return {
    load: (ids) => {
      const effect = () =>
        new Map(
          ids.flatMap((id) => {
            const known = stored.get(id)
            return known === undefined ? [] : [[id, known] as const]
          }),
        )
      return wire.call(actor, { label: 'ledger.load', effect, error: storeAway, isRead: true })
    },
    save: async (changes) => {
      const isPart = changes.length > 1 && random.chance(climate().part)
      const first = isPart ? changes.slice(0, 1) : changes
      const effect = () =>
        first.reduce((missed, change) => missed + Number(!ledgerDatabase.save(kind, change)), 0)
      const call = { label: 'ledger.save', about: kind, effect, error: storeAway }
      const conflicts = await wire.call(actor, call)
      // Unordered and not atomic: a fault leaves a part of the writes.
      if (!isPart) return conflicts
      faults.strike('part')
      throw storeAway()
    },
  }
}

function ledgerCursorsOf(
  { ledgerDatabase, wire, flaw }: Universe,
  actor: Actor,
  generation: string,
): Cursors {
  const { cursors } = ledgerDatabase
  return {
    read: ({ topic, partition }) => {
      const effect = () => cursors.get(`${topic}/${partition}`) ?? null
      return wire.call(actor, { label: 'ledger.cursor', effect, error: storeAway, isRead: true })
    },
    readAll: () => {
      const effect = () =>
        perTopic((topic) =>
          partitionsOf(topic).map((partition) => cursors.get(`${topic}/${partition}`) ?? 0n),
        )
      return wire.call(actor, { label: 'ledger.cursors', effect, error: storeAway, isRead: true })
    },
    move: ({ topic, partition, from, to }) => {
      const key = `${topic}/${partition}`
      const effect = () => {
        const isMine = ledgerDatabase.generation?.id === generation && cursors.get(key) === from
        const isOurs = isMine || flaw === 'projection without offset guard'
        if (isOurs) cursors.set(key, to)
        return isOurs
      }
      const call = { label: 'ledger.move', about: topic, effect, error: storeAway }
      return wire.call(actor, call)
    },
  }
}
