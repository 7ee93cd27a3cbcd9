/** The dispatcher under measurement, and the bare parts that are made of what it did. */
import { join } from 'node:path'
import type { Deployment } from '@otn/stack'
import type { Db } from 'mongodb'
import { writeTemplates } from '../baselines/templates-file.ts'
import { type Feed, openFeed } from '../ground/feed.ts'
import { type Ground, PAGES } from '../ground/ground.ts'
import { newestOf, openStore, passed, templateOf, until } from '../ground/look-into-store.ts'
import { grantsOf, newPeople, notifiesFor } from '../ground/people.ts'
import { readRecords } from '../ground/ready-records.ts'
import { startService } from '../ground/start-service.ts'
import type { Contender } from '../measure/sample.ts'
import { measured } from '../measure/worker.ts'
import type { BareGraphQuestion, SeenCall } from '../servers/bare-graph.ts'
import type { RawProducerQuestion } from '../servers/raw-producer.ts'
import type { RawWritesQuestion } from '../servers/raw-writes.ts'
import { openServer } from './processes.ts'
import { openRawProducer } from './raw-producer.ts'

export interface DispatcherWish {
  readonly name: string
  /** Commands of a round. */
  readonly units: number
  /** After which the Graph API answers. */
  readonly delayMs: number
  /** To the Graph API. */
  readonly connections: number
}

export interface DispatcherGround extends DispatcherWish {
  readonly deployment: Deployment
  readonly subject: Contender
  readonly graphUrl: string
  /** The first call that it made. */
  readonly call: SeenCall
  /** How often the document of a command is written, as MongoDB counted. */
  readonly writes: number
  readonly db: Db
}

interface Named {
  readonly name: string
  readonly callers: number
}

/** Each command leaves an attempt and its outcome. */
const FACTS = 2
/** More than any machine does: what is measured is the dispatcher, not its pace. */
const UNBOUND = '10000'

/** Ledger, dispatcher and a Graph API that takes everything; one round is done when it returns. */
export async function openDispatcher(
  opening: AsyncDisposableStack,
  ground: Ground,
  wish: DispatcherWish,
): Promise<DispatcherGround> {
  const { delayMs, connections, units } = wish
  const graph = await openServer(opening, 'bare-graph', { kind: 'open', delayMs })
  const graphUrl = String(graph.value)
  const deployment = await ground.deploy(wish.name, { graphUrl })
  const feed = opening.use(await openFeed(deployment))
  const store = opening.use(await openStore(deployment.mongodbUri))
  const ledger = store.db(`${deployment.databasePrefix}_ledger`)
  const db = store.db(`${deployment.databasePrefix}_dispatcher`)
  opening.use(await startService(deployment, 'token-ledger'))
  const dispatcher = opening.use(
    await startService(deployment, 'dispatcher', {
      DISPATCHER_PACE_TEXT: UNBOUND,
      DISPATCHER_CONNECTIONS_MAX: String(connections),
    }),
  )
  const grant = grantsOf(deployment, feed.codec)
  const cursors = await newestOf(ledger, 'cursors')
  const subject: Contender = {
    name: 'dispatcher',
    round: async () => {
      const people = newPeople(units, PAGES.slice(0, 1))
      await agree({ feed, ledger, cursors, records: grant(people) })
      const commands = notifiesFor(people, feed.codec)
      const end = (await feed.endOf('notification')) + FACTS * units
      return await measured(dispatcher, units, async () => {
        await feed.append(feed.nameOf('notify'), commands)
        await until('the dispatcher ends', () => isAtRest({ feed, db, end }))
      })
    },
  }
  const before = await updatesSoFar(db)
  await subject.round()
  const writes = Math.round(((await updatesSoFar(db)) - before) / units)
  const { value } = await graph.worker.ask({ kind: 'seen' } satisfies BareGraphQuestion)
  return { ...wish, deployment, subject, graphUrl, call: value as SeenCall, writes, db }
}

interface Agreeing {
  readonly feed: Feed
  readonly ledger: Db
  readonly cursors: string
  readonly records: ReturnType<ReturnType<typeof grantsOf>>
}

/** What is not measured: the tokens are there, and the ledger knows them. */
async function agree({ feed, ledger, cursors, records }: Agreeing): Promise<void> {
  const topic = feed.nameOf('optIn')
  const end = (await feed.endOf('optIn')) + records.length
  await feed.append(topic, records)
  await until('the ledger folds', async () => (await passed(ledger, cursors, topic)) >= end)
}

interface Resting {
  readonly feed: Feed
  readonly db: Db
  /** Where its facts end on the log once all are told. */
  readonly end: number
}

/** Everything is told, and its own facts have come back to it. */
async function isAtRest({ feed, db, end }: Resting): Promise<boolean> {
  if ((await passed(db, 'cursors', feed.nameOf('notification'))) < end) return false
  return (await db.collection('commands').countDocuments({ owed: true }, { limit: 1 })) === 0
}

/** How often documents of commands were written so far, each for itself, as MongoDB counts. */
async function updatesSoFar(db: Db): Promise<number> {
  const { totals } = await db.admin().command({ top: 1 })
  return Number(totals[`${db.databaseName}.commands`]?.update?.count ?? 0)
}

/** The bare part that writes documents like those of the dispatcher, as often as it does. */
export async function writing(
  opening: AsyncDisposableStack,
  { deployment, db, units, writes }: DispatcherGround,
  { name, callers }: Named,
): Promise<Contender> {
  const { home, mongodbUri, databasePrefix } = deployment
  const file = join(home, 'commands.ejson')
  writeTemplates(file, { commands: await templateOf(db, 'commands', units) })
  const [record] = await readRecords(deployment, 'notification')
  const where = { mongodbUri, database: `${databasePrefix}-writes`, file }
  const factBytes = record?.value.length ?? 0
  const question: RawWritesQuestion = { kind: 'open', ...where, callers, writes, factBytes }
  const { worker } = await openServer(opening, 'raw-writes', question)
  const [prepare, write]: RawWritesQuestion[] = [
    { kind: 'prepare', count: units },
    { kind: 'write' },
  ]
  return {
    name,
    round: async () => {
      await worker.ask(prepare ?? {})
      return await measured(worker, units, () => worker.ask(write ?? {}))
    },
  }
}

/** The bare part that appends: the very facts of the dispatcher, each awaited by its caller. */
export async function appending(
  opening: AsyncDisposableStack,
  { deployment, units }: DispatcherGround,
  { name, callers }: Named,
): Promise<Contender> {
  const count = FACTS * units
  const wish = { name: 'raw', deployment, from: 'notification', groups: count, count } as const
  const worker = await openRawProducer(opening, { ...wish, callers })
  const append: RawProducerQuestion = { kind: 'append' }
  return { name, round: () => measured(worker, units, () => worker.ask(append)) }
}
