/**
 * The document that says which version of the read model is served. Only the rebuild writes it; a
 * database without it is empty, whatever else it holds. Leases compare with MongoDB's own clock.
 */
import { randomUUID } from 'node:crypto'
import type { Collection, Document, UpdateFilter } from 'mongodb'
import type { Generation } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'

export interface StoredGeneration {
  readonly _id: 'ledger'
  readonly id: string
  readonly version: number
  /** Highest version ever given to a preparation or rebuild. */
  readonly versionMax: number
  readonly state: Generation['state']
  readonly clusterId: string
  readonly pepperCheck: string
  /** Who prepares or rebuilds, until when it may. */
  readonly worker: string | null
  readonly workerUntil: Date | null
  readonly frozenUntil: Date | null
}

export interface Deployment {
  readonly clusterId: string
  readonly pepperCheck: string
}

export interface RebuildPermit {
  readonly worker: string
  readonly version: number
}

export interface Generations {
  /** Null where there is none: the database is empty. @throws OTN_STORE_UNREACHABLE */
  read(): Promise<Generation | null>
  /** @returns the generation to be prepared by the caller; null where somebody else is at it */
  claim(deployment: Deployment): Promise<Generation | null>
  /** Forgets a generation whose collections are gone, so that it is prepared anew. */
  forget(id: string): Promise<void>
  /** @returns false where the generation is another one by now */
  advance(
    id: string,
    step: { from: Generation['state']; to: Generation['state'] },
  ): Promise<boolean>
  /** @returns leave to rebuild into a version of its own; null while another rebuild runs */
  beginRebuild(id: string): Promise<RebuildPermit | null>
  /** Prolongs the leave, and the freeze where there is one. @returns false where it had lapsed */
  renew(permit: RebuildPermit): Promise<boolean>
  /** For the length of the lease nobody folds. @returns false where the leave had lapsed */
  freeze(permit: RebuildPermit): Promise<boolean>
  /** Serves the rebuilt version. @returns false where leave or freeze had lapsed */
  swap(permit: RebuildPermit): Promise<boolean>
  /** @returns false where the leave was somebody else's or the swap took place: keep the version */
  endRebuild(permit: RebuildPermit): Promise<boolean>
}

const LEASE_MS = 15_000
const _id = 'ledger' as const
const lease = { $add: ['$$NOW', LEASE_MS] }

export function generationsIn(collection: Collection<StoredGeneration>): Generations {
  const update = async (filter: Document, set: Document): Promise<boolean> => {
    const pipeline = [{ $set: set }] as unknown as UpdateFilter<StoredGeneration>
    const done = await reaching(collection.updateOne({ _id, ...filter }, pipeline))
    return done.matchedCount === 1
  }
  const held = ({ worker }: RebuildPermit) => ({
    worker,
    $expr: { $gt: ['$workerUntil', '$$NOW'] },
  })
  return {
    read: () => read(collection),
    claim: (deployment) => claim(collection, deployment),
    forget: async (id) => {
      await reaching(collection.deleteOne({ _id, id }))
    },
    advance: (id, { from, to }) =>
      update({ id, state: from }, { state: to, worker: null, workerUntil: null }),
    beginRebuild: (id) => beginRebuild(collection, id),
    renew: (permit) =>
      update(held(permit), {
        workerUntil: lease,
        frozenUntil: { $cond: [{ $eq: ['$frozenUntil', null] }, null, lease] },
      }),
    freeze: (permit) => update(held(permit), { workerUntil: lease, frozenUntil: lease }),
    swap: (permit) => {
      const frozen = { $and: [{ $gt: ['$frozenUntil', '$$NOW'] }, held(permit).$expr] }
      return update(
        { worker: permit.worker, $expr: frozen },
        {
          version: permit.version,
          ...nobody,
        },
      )
    },
    endRebuild: ({ worker }) => update({ worker }, nobody),
  }
}

const nobody = { worker: null, workerUntil: null, frozenUntil: null }

async function read(collection: Collection<StoredGeneration>): Promise<Generation | null> {
  const projection = {
    id: 1,
    version: 1,
    state: 1,
    clusterId: 1,
    pepperCheck: 1,
    isFrozen: { $gt: ['$frozenUntil', '$$NOW'] },
    isWorkedOn: { $gt: ['$workerUntil', '$$NOW'] },
  }
  const options = { projection: { ...projection, _id: 0 } }
  return reaching(collection.findOne<Generation>({ _id }, options))
}

/** Nobody is there, or whoever prepared has not gone on for the length of a lease. */
async function claim(
  collection: Collection<StoredGeneration>,
  deployment: Deployment,
): Promise<Generation | null> {
  const id = randomUUID()
  const first = {
    id,
    versionMax: { $add: [{ $ifNull: ['$versionMax', 0] }, 1] },
    state: 'preparing',
    clusterId: { $literal: deployment.clusterId },
    pepperCheck: { $literal: deployment.pepperCheck },
    worker: id,
    workerUntil: lease,
    frozenUntil: null,
  }
  const open = {
    $or: [
      { $eq: [{ $type: '$id' }, 'missing'] },
      { $and: [{ $eq: ['$state', 'preparing'] }, { $lt: ['$workerUntil', '$$NOW'] }] },
    ],
  }
  const chosen = Object.entries(first).map(([name, value]) => [
    name,
    { $cond: [open, value, `$${name}`] },
  ])
  const pipeline = [
    { $set: Object.fromEntries(chosen) },
    { $set: { version: { $cond: [{ $eq: ['$id', id] }, '$versionMax', '$version'] } } },
  ] as unknown as UpdateFilter<StoredGeneration>
  await reaching(collection.updateOne({ _id }, pipeline, { upsert: true }))
  const now = await read(collection)
  return now?.id === id ? now : null
}

async function beginRebuild(
  collection: Collection<StoredGeneration>,
  id: string,
): Promise<RebuildPermit | null> {
  const worker = randomUUID()
  const free = { $or: [{ $eq: ['$worker', null] }, { $lt: ['$workerUntil', '$$NOW'] }] }
  const pipeline = [
    {
      $set: {
        worker,
        workerUntil: lease,
        frozenUntil: null,
        versionMax: { $add: ['$versionMax', 1] },
      },
    },
  ] as unknown as UpdateFilter<StoredGeneration>
  const found = await reaching(
    collection.findOneAndUpdate({ _id, id, state: 'live', $expr: free }, pipeline, {
      returnDocument: 'after',
    }),
  )
  return found === null ? null : { worker, version: found.versionMax }
}
