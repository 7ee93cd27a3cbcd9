/**
 * The claims, brought up to the end of the log before anything is spent: every start folds its own
 * streams, and an empty database is rebuilt from their first record.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Codec, RecordOf, Records, TopicAlias } from '@otn/contracts'
import { kafkaTopics } from '@otn/contracts'
import { type Cursors, cursorsIn } from '../adapters/cursors-mongodb.ts'
import { addIndexes, type Database, databaseIn } from '../adapters/database.ts'
import { foldStream } from '../adapters/fold-stream.ts'
import { type Generation, type Generations, generationsIn } from '../adapters/generation-mongodb.ts'
import { prepareStore } from '../adapters/prepare-store.ts'
import { OUTWAIT_OTHERS_MS } from '../handlers/run-lane.ts'
import type { Read } from '../inbox-ports.ts'
import { COMMANDS, type CommandStream, OWN_STREAMS, type OwnStream } from '../streams.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Engines } from './open-engines.ts'
import { readCursors } from './read-cursors.ts'
import type { Seams } from './with-fault-points.ts'

/** Streams that a database made by an older build has never read. */
const ADDED: readonly (OwnStream | CommandStream)[] = [
  'optInRequest',
  'optInRequestEvent',
  'cancel',
  'campaign',
  'campaignEvent',
]

/** What each stream does to the claims. Done twice, it changes nothing. */
export type StreamHandlers = {
  readonly [Topic in OwnStream]: (reads: readonly Read<Records[RecordOf<Topic>]>[]) => Promise<void>
}

export interface Claims {
  readonly database: Database
  readonly cursors: Cursors
  readonly generations: Generations
  readonly generation: Generation
}

export interface ClaimsParts {
  readonly engines: Engines
  readonly pepperCheck: string
  readonly tell: Telemetry
  readonly nameOf: (topic: TopicAlias) => string
  readonly seams: Seams
  /** Made for the database that is about to be filled. */
  readonly handlersFor: (database: Database) => StreamHandlers
}

/** @throws OTN_STORE_CLUSTER_CHANGED, OTN_CONFIG_INVALID, and as the engines */
export async function openClaims(parts: ClaimsParts): Promise<Claims> {
  const { engines, pepperCheck } = parts
  const { bus, mongodb, databaseName } = engines
  const database = databaseIn(mongodb.db)
  const generations = generationsIn(database.state)
  const deployment = { clusterId: await bus.positions.clusterId(), pepperCheck }
  const prepared = await prepareStore({
    ...{ database, generations, deployment, databaseName },
    outwaitOthers: () => outwaitOthers(engines),
  })
  if ('generation' in prepared) {
    const { generation } = prepared
    const cursors = cursorsIn(database.cursors, generation.id)
    await catchUp(parts, { database, cursors })
    return { database, cursors, generations, generation }
  }
  const { rebuild } = prepared
  try {
    const cursors = cursorsIn(database.cursors, rebuild.permit)
    await fill(parts, { database, cursors })
    return { database, cursors, generations, generation: await rebuild.finish() }
  } catch (error) {
    rebuild.abandon()
    throw error
  }
}

type Target = Pick<Claims, 'database' | 'cursors'>

/**
 * From where this deployment had got to, to the end as it is now. The cursors stay: their consumer
 * may be another process in the middle of a batch, and what is folded twice changes nothing.
 */
async function catchUp(parts: ClaimsParts, { database, cursors }: Target): Promise<void> {
  const startedMs = performance.now()
  let facts = 0
  await cursorsOf(parts, { topic: 'notify', cursors })
  await adopt(parts, { database, cursors })
  await cursorsOf(parts, { topic: 'optInRequest', cursors })
  await cursorsOf(parts, { topic: 'cancel', cursors })
  await cursorsOf(parts, { topic: 'campaign', cursors })
  for (const topic of OWN_STREAMS) {
    const from = await cursorsOf(parts, { topic, cursors })
    const { records } = await fold(parts, { topic, from, database })
    facts += records
  }
  parts.tell.folded('start', facts, performance.now() - startedMs)
}

/** From the first record on; afterwards commands are read from their beginning as well. */
async function fill(parts: ClaimsParts, { database, cursors }: Target): Promise<void> {
  const { engines, nameOf, tell } = parts
  const startedMs = performance.now()
  let facts = 0
  for (const topic of OWN_STREAMS) {
    const from = await engines.bus.positions.startOffsets(topic)
    const { next, records } = await fold(parts, { topic, from, database })
    facts += records
    for (const [partition, offset] of next.entries()) {
      await cursors.place({ topic: nameOf(topic), partition }, offset)
    }
  }
  for (const topic of COMMANDS) await placeAtStart({ engines, nameOf }, { topic, cursors })
  tell.folded('rebuild', facts, performance.now() - startedMs)
}

/**
 * Whoever decided something in the store of before tells it now or never (run-lane.ts): what it
 * tells is then on the log that is about to be read. Where no command ever was, nobody decided.
 */
async function outwaitOthers({ bus }: Engines): Promise<void> {
  const ends = await Promise.all(COMMANDS.map((topic) => bus.positions.endOffsets(topic)))
  if (ends.flat().some((end) => end > 0n)) await delay(OUTWAIT_OTHERS_MS)
}

/**
 * Takes over what an older build left: a stream that it never read is read from its beginning. An
 * emptied database is none of these, for the cursors of the older streams are gone as well.
 */
async function adopt(parts: ClaimsParts, { database, cursors }: Target): Promise<void> {
  await addIndexes(database)
  for (const topic of ADDED) {
    const { partitions } = kafkaTopics[topic]
    const places = Array.from({ length: partitions }, (_, partition) => partition)
    const where = (partition: number) => ({ topic: parts.nameOf(topic), partition })
    const read = await Promise.all(places.map((partition) => cursors.read(where(partition))))
    if (read.every((next) => next === null)) await placeAtStart(parts, { topic, cursors })
  }
}

async function placeAtStart(
  { engines, nameOf }: Pick<ClaimsParts, 'engines' | 'nameOf'>,
  { topic, cursors }: { readonly topic: OwnStream | CommandStream; readonly cursors: Cursors },
): Promise<void> {
  const from = await engines.bus.positions.startOffsets(topic)
  for (const [partition, offset] of from.entries()) {
    await cursors.place({ topic: nameOf(topic), partition }, offset)
  }
}

function fold<Topic extends OwnStream>(
  { engines: { bus, codec }, handlersFor, seams }: ClaimsParts,
  target: { readonly topic: Topic; readonly from: readonly bigint[]; readonly database: Database },
) {
  const { topic, from, database } = target
  const handle: StreamHandlers[Topic] = handlersFor(database)[topic]
  const foldWhole = seams.catchUp(foldStream)
  return foldWhole<Topic>({ bus, codec: codec satisfies Codec, topic, from, handle })
}

function cursorsOf(
  { engines, nameOf }: ClaimsParts,
  { topic, cursors }: { readonly topic: OwnStream | CommandStream; readonly cursors: Cursors },
): Promise<readonly bigint[]> {
  const { bus, databaseName } = engines
  const { partitions } = kafkaTopics[topic]
  const readEnds = () => bus.positions.endOffsets(topic)
  return readCursors({ cursors, readEnds, topic: nameOf(topic), partitions, databaseName })
}
