import type { Bus } from '@otn/bus'
import { digestOf } from '../adapters/digest-mongodb.ts'
import { generationsIn, type StoredGeneration } from '../adapters/generations-mongodb.ts'
import { prepareStore } from '../adapters/prepare-store.ts'
import { rebuildsIn, type StoredReport } from '../adapters/rebuilds-mongodb.ts'
import { type OpenedStore, openStore } from '../adapters/store-mongodb.ts'
import { versionsIn } from '../adapters/versions-mongodb.ts'
import { LEDGER_TOPICS, type LedgerTopic, type Offsets, perTopic, type Rebuilds } from '../ports.ts'
import type { DigestReport } from '../queries/query-parts.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Engines } from './open-engines.ts'
import { readSameLog } from './read-same-log.ts'

export interface ReadModelOptions {
  readonly pepperCheck: string
  readonly nameOf: (topic: LedgerTopic) => string
  /** Limit of one query. */
  readonly timeoutMs: number
  readonly tell: Telemetry
}

export interface OpenedReadModel extends OpenedStore {
  readonly rebuilds: Rebuilds
  readonly digest: () => Promise<DigestReport>
  /** Where the log ended, and where the fold stood, when this was opened. */
  readonly ends: Offsets
  readonly next: Offsets
}

/**
 * Opens the read model of this deployment; an empty database is prepared first.
 * @throws OTN_STORE_CLUSTER_CHANGED where it was folded from another log, OTN_CONFIG_INVALID
 */
export async function openReadModel(
  { bus, mongodb: { db } }: Engines,
  options: ReadModelOptions,
): Promise<OpenedReadModel> {
  const { pepperCheck, nameOf, timeoutMs, tell } = options
  const generations = generationsIn(db.collection<StoredGeneration>('generation'))
  const versions = versionsIn(db)
  const { generation, isNew } = await prepareStore({
    generations,
    versions,
    deployment: { clusterId: await bus.positions.clusterId(), pepperCheck },
    startOffsets: () => startOffsets(bus),
    nameOf,
    database: db.databaseName,
  })
  if (isNew) tell.storePrepared(generation.version)
  else await versions.completeIndexes(generation.version)
  const opened = openStore({ generations, versions, generation, nameOf, timeoutMs })
  const { cursors } = opened.open(generation.version)
  const readEnds = () => bus.positions.endOffsetsOf(LEDGER_TOPICS)
  const { next, ends } = await readSameLog({ cursors, readEnds, nameOf })
  await versions.dropBelow(generation.version)
  const reports = db.collection<StoredReport>('rebuild')
  const rebuilds = rebuildsIn({ generations, versions, reports, open: opened.open })
  return { ...opened, ends, next, rebuilds, digest: () => digestNow(opened) }
}

async function startOffsets({ positions }: Bus): Promise<Offsets> {
  const rows = await Promise.all(LEDGER_TOPICS.map((topic) => positions.startOffsets(topic)))
  return perTopic((topic) => rows[LEDGER_TOPICS.indexOf(topic)] ?? [])
}

async function digestNow({ store, open }: OpenedStore): Promise<DigestReport> {
  const { generation, cursors } = await store.now()
  const offsets = await cursors.readAll()
  const digest = await digestOf(open(generation.version))
  const after = await cursors.readAll()
  const isAtRest = LEDGER_TOPICS.every((topic) =>
    offsets[topic].every((next, partition) => next === after[topic][partition]),
  )
  return { digest, offsets, isAtRest, version: generation.version }
}
