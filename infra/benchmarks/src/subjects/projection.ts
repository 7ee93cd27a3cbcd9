/** B4: what an event costs the token-ledger, from the log into MongoDB. */
import { join } from 'node:path'
import type { Deployment } from '@otn/stack'
import { writeTemplates } from '../baselines/templates-file.ts'
import { type Feed, openFeed } from '../ground/feed.ts'
import { PAGES } from '../ground/ground.ts'
import {
  newestOf,
  openStore,
  passed,
  type Store,
  templateOf,
  until,
} from '../ground/look-into-store.ts'
import { grantsOf, newPeople } from '../ground/people.ts'
import type { ReadyRecord } from '../ground/ready-records.ts'
import { startService } from '../ground/start-service.ts'
import type { Question } from '../measure/judge.ts'
import type { Contender } from '../measure/sample.ts'
import { measured } from '../measure/worker.ts'
import type { RawProjectionQuestion } from '../servers/raw-projection.ts'
import { type Benchmark, type BenchmarkWish, type OpenBenchmark, opened } from './benchmark.ts'
import { openServer } from './processes.ts'

const UNITS = 20_000
/** The naive form needs as long for so much less. */
const NAIVE_SHARE = 0.05
const CONTROL = { of: 'raw consumer + bulkWrite', twin: 'raw consumer + bulkWrite again' }
const NAIVE = 'one updateOne for each'

const ours = { subject: 'token-ledger', form: 'speed' } as const

const QUESTIONS: readonly Question[] = [
  {
    ...{ ...ours, metric: 'cpuUs', parts: [CONTROL.of], aim: 0.7 },
    name: 'CPU per event of raw consumer + prepared bulkWrite ÷ ours (goal 0.8)',
  },
  {
    ...{ ...ours, metric: 'wallUs', parts: [CONTROL.of], aim: null },
    name: 'events/s ÷ raw consumer + prepared bulkWrite',
  },
  {
    ...{ ...ours, metric: 'wallUs', parts: [NAIVE], aim: null },
    name: 'events/s ÷ one awaited updateOne for each',
  },
  {
    ...{ ...ours, metric: 'cpuUs', parts: [NAIVE], aim: null },
    name: 'CPU per event of one updateOne for each ÷ ours',
  },
]

export const projection: Benchmark = {
  name: 'projection',
  sentence: 'B4: an opt-in from the log into the read model, all of them new',
  questions: QUESTIONS,
  control: CONTROL,
  open,
}

interface Parts {
  readonly deployment: Deployment
  readonly feed: Feed
  readonly store: Store
  readonly grants: (count: number) => readonly ReadyRecord[]
}

async function open({ ground, scale }: BenchmarkWish): Promise<OpenBenchmark> {
  const units = Math.ceil(UNITS * scale)
  const few = Math.ceil(units * NAIVE_SHARE)
  const deployment = await ground.deploy('projection')
  await using opening = new AsyncDisposableStack()
  const feed = opening.use(await openFeed(deployment))
  const store = opening.use(await openStore(deployment.mongodbUri))
  const grant = grantsOf(deployment, feed.codec)
  const grants = (count: number) => grant(newPeople(count, PAGES))
  const parts = { deployment, feed, store, grants }
  const subject = await folding(opening, parts, units)
  // What it writes is what the bare parts write.
  await subject.round()
  const file = await templates(parts, units)
  const raw = (name: string, count: number, form: 'bulk' | 'one by one') =>
    projecting(opening, parts, { name, count, form, file })
  const contenders = [
    subject,
    await raw(CONTROL.of, units, 'bulk'),
    await raw(CONTROL.twin, units, 'bulk'),
    await raw(NAIVE, few, 'one by one'),
  ]
  return opened(opening, contenders, { events: units, 'events of the naive form': few })
}

/** The real ledger, until its cursors have passed what was appended. */
async function folding(
  opening: AsyncDisposableStack,
  { deployment, feed, store, grants }: Parts,
  units: number,
): Promise<Contender> {
  const ledger = opening.use(await startService(deployment, 'token-ledger'))
  const db = store.db(`${deployment.databasePrefix}_ledger`)
  const cursors = await newestOf(db, 'cursors')
  const topic = feed.nameOf('optIn')
  return {
    name: ours.subject,
    round: async () => {
      const records = grants(units)
      const end = (await feed.endOf('optIn')) + units
      return await measured(ledger, units, async () => {
        await feed.append(topic, records)
        await until('the ledger folds', async () => (await passed(db, cursors, topic)) >= end)
      })
    },
  }
}

async function templates({ deployment, store }: Parts, limit: number): Promise<string> {
  const db = store.db(`${deployment.databasePrefix}_ledger`)
  const of = async (kind: string) => templateOf(db, await newestOf(db, kind), limit)
  const file = join(deployment.home, 'templates.ejson')
  const [tokens, persons] = [await of('tokens'), await of('persons')]
  // A tap leaves no document of a person behind unless it opens their window.
  const filled = Object.entries({ tokens, persons }).filter(([, one]) => one.documents.length > 0)
  writeTemplates(file, Object.fromEntries(filled))
  return file
}

interface Projecting {
  readonly name: string
  readonly count: number
  readonly form: 'bulk' | 'one by one'
  readonly file: string
}

async function projecting(
  opening: AsyncDisposableStack,
  { deployment, feed, grants }: Parts,
  { name, count, form, file }: Projecting,
): Promise<Contender> {
  const { kafkaBrokers: brokers, topicPrefix, databasePrefix, mongodbUri } = deployment
  const id = name.replaceAll(/\W+/g, '-')
  const [topic, database] = [`${topicPrefix}${id}`, `${databasePrefix}-${id}`]
  const where = { brokers, topic, mongodbUri, database, file, form }
  const question: RawProjectionQuestion = { kind: 'open', ...where }
  const { worker } = await openServer(opening, 'raw-projection', question)
  return {
    name,
    round: async () => {
      const records = grants(count)
      await worker.ask({ kind: 'prepare', count } satisfies RawProjectionQuestion)
      const project: RawProjectionQuestion = { kind: 'project', count }
      return await measured(worker, count, () =>
        Promise.all([worker.ask(project), feed.append(topic, records)]),
      )
    },
  }
}
