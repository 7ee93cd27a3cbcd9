import { setTimeout as delay } from 'node:timers/promises'
import { appError } from '@otn/kernel'
import type { Generation, LedgerTopic, Offsets } from '../ports.ts'
import type { Deployment, Generations } from './generations-mongodb.ts'
import type { Versions } from './versions-mongodb.ts'

export interface Preparation {
  readonly generations: Generations
  readonly versions: Versions
  readonly deployment: Deployment
  /** Where the log begins: what the cursors of an empty store start from. */
  readonly startOffsets: () => Promise<Offsets>
  readonly nameOf: (topic: LedgerTopic) => string
  /** Named in what a person is told to drop. */
  readonly database: string
}

const LOOK_AGAIN_MS = 250
/** Longer than the lease of a preparer that died. */
const WAIT_MS_MAX = 60_000

/**
 * The generation this process works on. An empty database is prepared first: collections, indexes,
 * cursors at the beginning of the log; of several processes one does it and the others wait.
 * @returns `isNew` where this process prepared it
 * @throws OTN_STORE_CLUSTER_CHANGED, OTN_CONFIG_INVALID (another pepper), OTN_STORE_UNREACHABLE
 */
export async function prepareStore(
  preparation: Preparation,
): Promise<{ readonly generation: Generation; readonly isNew: boolean }> {
  const { generations, versions, deployment } = preparation
  const giveUpAt = performance.now() + WAIT_MS_MAX
  while (performance.now() < giveUpAt) {
    const known = await generations.read()
    if (known !== null && known.state !== 'preparing') {
      requireSame(known, preparation)
      const isWhole = await versions.isWhole(known.version, known.id)
      if (isWhole) return { generation: known, isNew: false }
      await generations.forget(known.id)
    }
    const claimed = await generations.claim(deployment)
    if (claimed !== null && (await prepare(claimed, preparation))) {
      return { generation: { ...claimed, state: 'filling' }, isNew: true }
    }
    await delay(LOOK_AGAIN_MS)
  }
  const message = 'another process prepares the read model and does not finish'
  throw appError('OTN_STORE_UNREACHABLE', { message })
}

async function prepare(generation: Generation, preparation: Preparation): Promise<boolean> {
  const { generations, versions, startOffsets, nameOf } = preparation
  const { id, version, clusterId } = generation
  await versions.create(version, id)
  const opened = versions.open(version, { generationId: id, clusterId, nameOf })
  await opened.cursors.place(await startOffsets())
  return generations.advance(id, { from: 'preparing', to: 'filling' })
}

function requireSame(known: Generation, { deployment, database }: Preparation): void {
  if (known.clusterId !== deployment.clusterId) {
    const message =
      `the read model in database ${database} was folded from Kafka cluster ${known.clusterId}, ` +
      `this is ${deployment.clusterId}: offsets of one mean nothing on the other. To rebuild it ` +
      `from this cluster, drop database ${database} and start again`
    throw appError('OTN_STORE_CLUSTER_CHANGED', { message })
  }
  if (known.pepperCheck !== deployment.pepperCheck) {
    const message =
      'OTN_PERSON_PEPPER is not the pepper that the read model was folded with; restore it'
    throw appError('OTN_CONFIG_INVALID', { message })
  }
}
