import { setTimeout as delay } from 'node:timers/promises'
import { appError } from '@otn/kernel'
import { type Database, makeDatabase } from './database.ts'
import {
  type Deployment,
  type Generation,
  type Generations,
  REBUILD_LEASE_MS,
} from './generation-mongodb.ts'

export interface Preparation {
  readonly database: Database
  readonly generations: Generations
  readonly deployment: Deployment
  /** Named in what a person is told to drop. */
  readonly databaseName: string
  /**
   * Resolves when no process that knew another store may tell of it any more. What such processes
   * wrote into this one meanwhile goes: the database is made anew afterwards.
   */
  readonly outwaitOthers: () => Promise<void>
}

/** A database that is being made anew by this process; nobody else may meanwhile. */
export interface Rebuild {
  readonly permit: string
  finish(): Promise<Generation>
  /** Gives up: the next start begins again. */
  abandon(): void
}

const LOOK_AGAIN_MS = 250
const RENEWALS_PER_LEASE = 3

/**
 * The database as it is, or, where it is empty or only half made, made anew and to be filled by
 * the caller. Of several processes one rebuilds and the others wait for it. Whoever stood still for
 * so long that another one rebuilt meanwhile leaves that one's work alone; should it empty the
 * database all the same, because it stood still right then, nobody goes on with what is left.
 * @throws OTN_STORE_CLUSTER_CHANGED, OTN_CONFIG_INVALID (another pepper), OTN_STORE_UNREACHABLE
 */
export async function prepareStore(
  preparation: Preparation,
): Promise<{ readonly generation: Generation } | { readonly rebuild: Rebuild }> {
  const { generations } = preparation
  for (;;) {
    const known = await generations.read()
    if (known !== null) return { generation: requireSame(known, preparation) }
    const permit = await generations.beginRebuild()
    // It may have been finished between the look and the leave.
    if (permit !== null && (await generations.read()) === null) {
      const rebuild = rebuildOf(permit, preparation)
      try {
        if (await makeAnew(permit, preparation)) return { rebuild }
      } catch (error) {
        rebuild.abandon()
        throw error
      }
      rebuild.abandon()
    }
    await delay(LOOK_AGAIN_MS)
  }
}

/** False where somebody else has the leave by now. */
async function makeAnew(
  permit: string,
  { generations, database, outwaitOthers }: Preparation,
): Promise<boolean> {
  await outwaitOthers()
  if (!(await generations.renew(permit))) return false
  await makeDatabase(database)
  if (await generations.renew(permit)) return true
  // What was emptied may have been another one's: no process may take it for whole.
  await generations.revoke()
  return false
}

function rebuildOf(permit: string, { generations, deployment }: Preparation): Rebuild {
  const timer = setInterval(() => {
    void generations.renew(permit).catch(() => {})
  }, REBUILD_LEASE_MS / RENEWALS_PER_LEASE)
  return {
    permit,
    finish: async () => {
      clearInterval(timer)
      if (await generations.renew(permit)) return generations.finish(permit, deployment)
      const message = 'the rebuild took longer than its lease; another process has begun its own'
      throw appError('OTN_STORE_GENERATION_LOST', { message })
    },
    abandon: () => clearInterval(timer),
  }
}

function requireSame(known: Generation, preparation: Preparation): Generation {
  const { deployment, databaseName } = preparation
  if (known.clusterId !== deployment.clusterId) {
    const message =
      `the claims in database ${databaseName} belong to Kafka cluster ${known.clusterId}, ` +
      `this is ${deployment.clusterId}: offsets of one mean nothing on the other. To rebuild ` +
      `them from this cluster, drop database ${databaseName} and start again`
    throw appError('OTN_STORE_CLUSTER_CHANGED', { message })
  }
  if (known.pepperCheck !== deployment.pepperCheck) {
    const message = 'OTN_PERSON_PEPPER is not the pepper of the claims in MongoDB; give that one'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
  return known
}
