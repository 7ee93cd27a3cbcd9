import { appError, isAppError } from '@otn/kernel'
import {
  type Cursors,
  type Generation,
  LEDGER_TOPICS,
  type LedgerTopic,
  type Offsets,
  type Served,
  type ServedReadModel,
  type Store,
} from '../ports.ts'
import type { Generations } from './generations-mongodb.ts'
import { queriesIn } from './queries-mongodb.ts'
import type { Version, Versions } from './versions-mongodb.ts'

export interface StoreOptions {
  readonly generations: Generations
  readonly versions: Versions
  /** The generation this process was started on: under another one it must end. */
  readonly generation: Generation
  readonly nameOf: (topic: LedgerTopic) => string
  /** Limit of one query at the server. */
  readonly timeoutMs: number
}

export interface OpenedStore {
  readonly store: Store
  readonly served: ServedReadModel
  readonly open: (version: number) => Version
}

/** The store of this process: what is folded into, and what answers. */
export function openStore(options: StoreOptions): OpenedStore {
  const { generations, versions, generation, nameOf, timeoutMs } = options
  const { id, clusterId } = generation
  const owner = { generationId: id, clusterId, nameOf }
  const opened = new Map<number, Version>()
  const open = (version: number): Version => {
    const known = opened.get(version) ?? versions.open(version, owner)
    opened.set(version, known)
    return known
  }
  const known = { version: generation.version }
  const ours = async (): Promise<Generation> => {
    const found = await generations.read()
    if (found?.id !== id) throw lost()
    known.version = found.version
    return found
  }
  const moved = new Map<string, bigint>()
  const store: Store = {
    now: async () => {
      const current = await ours()
      const { model, cursors } = open(current.version)
      return { generation: current, model, cursors: remembering(cursors, moved) }
    },
    verify: async () => {
      const { version } = await ours()
      const isWhole = await versions.isWhole(version, id)
      const reached = new Map(moved)
      const next = isWhole ? await open(version).cursors.readAll() : null
      // A swap meanwhile takes the old version away rightly: the next look is at the new one.
      if ((await ours()).version !== version) return
      if (next === null) throw lost()
      requireReached(next, reached)
    },
    goLive: async () => {
      await generations.advance(id, { from: 'filling', to: 'live' })
    },
  }
  return {
    store,
    open,
    served: { ask: (question) => ask(question, { ours, known, open, timeoutMs }) },
  }
}

interface Asking {
  /** The version that was served when it was last looked at. */
  readonly known: { readonly version: number }
  readonly ours: () => Promise<Generation>
  readonly open: (version: number) => Version
  readonly timeoutMs: number
}

/** A swap in the middle of a question is met by asking again; it happens once per rebuild. */
const ROUNDS = 3

/**
 * An answer counts only if the version it was read from is still served afterwards: out of a store
 * that is being emptied or swapped, "no such token" would be a lie.
 */
async function ask<T>(
  question: (served: Served) => Promise<T>,
  { ours, known, open, timeoutMs }: Asking,
): Promise<T> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { version } = known
    const { model, cursors, collections } = open(version)
    const queries = queriesIn(collections, timeoutMs)
    const [answered] = await Promise.allSettled([question({ model, cursors, queries })])
    const after = await unlessLost(ours())
    // Whatever came out of collections that are gone by now, an error or emptiness, is no answer.
    if (after.version !== version) continue
    if (after.state !== 'live') throw unavailable('the read model is folded for the first time')
    if (answered.status === 'fulfilled') return answered.value
    return unlessLost(Promise.reject(answered.reason))
  }
  throw unavailable('the read model was swapped while it was asked')
}

/** Notes how far this process came, which a restored backup does not know. */
function remembering(cursors: Cursors, moved: Map<string, bigint>): Cursors {
  return {
    ...cursors,
    move: async (move) => {
      const isMoved = await cursors.move(move)
      if (isMoved) moved.set(`${move.topic}/${move.partition}`, move.to)
      return isMoved
    },
  }
}

function requireReached(next: Offsets, reached: ReadonlyMap<string, bigint>): void {
  for (const topic of LEDGER_TOPICS) {
    for (const [partition, offset] of next[topic].entries()) {
      if (offset >= (reached.get(`${topic}/${partition}`) ?? 0n)) continue
      const message =
        `the cursor of ${topic}/${partition} stands below where this process moved it: the ` +
        'database was restored from a backup; the next start folds from there'
      throw appError('OTN_STORE_CURSOR_MOVED', { message })
    }
  }
}

function lost(): Error {
  const message =
    'the read model in MongoDB was emptied or replaced; the next start rebuilds it from the log'
  return appError('OTN_STORE_GENERATION_LOST', { message })
}

/** A lost store is this process's end, but to the caller a matter of waiting. */
async function unlessLost<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!isAppError(error, 'OTN_STORE_GENERATION_LOST')) throw error
    throw unavailable('the read model was lost; it is rebuilt from the log')
  }
}

function unavailable(publicMessage: string): Error {
  return appError('OTN_HTTP_UNAVAILABLE', { message: publicMessage, publicMessage })
}
