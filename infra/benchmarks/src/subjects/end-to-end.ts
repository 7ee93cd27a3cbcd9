/** B7: how long it takes from one end of the system to the other, beside its hops alone. */
import { pageId, Secret } from '@otn/kernel'
import { pepperKey } from '@otn/runtime/settings'
import type { Deployment } from '@otn/stack'
import { createIdentity } from '@otn/vault'
import type { Collection } from 'mongodb'
import { Pool } from 'undici'
import { type Awaited, awaitById } from '../baselines/await-by-id.ts'
import { PAGES } from '../ground/ground.ts'
import { newestOf, openStore, type Store } from '../ground/look-into-store.ts'
import { startService } from '../ground/start-service.ts'
import type { Question } from '../measure/judge.ts'
import type { Arrivals } from '../measure/open-loop.ts'
import type { Post } from '../measure/post-all.ts'
import type { Contender } from '../measure/sample.ts'
import type { BareHopsQuestion, Hop } from '../servers/bare-hops.ts'
import { arriving, arrivingThere } from './arriving.ts'
import { type Benchmark, type BenchmarkWish, type OpenBenchmark, opened } from './benchmark.ts'
import { openServer } from './processes.ts'
import { signedWebhooks, tokenOf } from './webhooks.ts'

const TAP = 'tap to live token'
const ROUTE = 'bare Fastify'
const KAFKA = 'produce and consume'
const KAFKA_AGAIN = `${KAFKA} again`
const STORE = 'write and watch'
const CONNECTIONS = 64
/** Far below what any part takes: what is measured is the way, not a queue. */
const PER_SECOND = 50
const SECONDS = 6
/** Of a record and of a document, nearly. */
const BYTES = 500

const QUESTIONS: readonly Question[] = [
  {
    ...{ metric: 'p99Us', subject: TAP, parts: [ROUTE, KAFKA, STORE], form: 'cost', aim: 1.5 },
    name: 'p99 from a tap to its live token ÷ the sum of those of its bare hops',
  },
]

export const tapToToken: Benchmark = {
  name: 'tap-to-token',
  sentence: 'B7: from the instant a webhook is due until its token stands in the read model',
  questions: QUESTIONS,
  control: { of: KAFKA, twin: KAFKA_AGAIN },
  open,
}

async function open({ ground, scale }: BenchmarkWish): Promise<OpenBenchmark> {
  const deployment = await ground.deploy('end-to-end')
  const { kafkaBrokers: brokers, topicPrefix, databasePrefix, mongodbUri } = deployment
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await openStore(mongodbUri))
  const count = Math.ceil(PER_SECOND * SECONDS * scale)
  const arrivals: Arrivals = { perSecond: PER_SECOND, count, seed: 20_260_101 }
  const hops = async (name: string) => {
    const where = { brokers, topic: `${topicPrefix}${name}`, mongodbUri, bytes: BYTES }
    const database = `${databasePrefix}-${name}`
    const question: BareHopsQuestion = { kind: 'open', ...where, database }
    const { worker } = await openServer(opening, 'bare-hops', question)
    return (hop: Hop, as: string = hop) => {
      const question: BareHopsQuestion = { kind: hop, arrivals }
      return arrivingThere(as, worker, question)
    }
  }
  const [one, again] = [await hops('hops'), await hops('hops-again')]
  const bare = await openServer(opening, 'bare-raw', { kind: 'open' })
  const { appSecret } = deployment
  const posts = signedWebhooks({ appSecret, count, items: 1 })
  const post = posting(opening, String(bare.value))
  const contenders = [
    await tapping(opening, { deployment, store, arrivals }),
    arriving(ROUTE, bare.worker, arrivals, (index) => post(posts[index])),
    one(KAFKA),
    again(KAFKA, KAFKA_AGAIN),
    one(STORE),
  ]
  return opened(opening, contenders, { taps: count, 'taps/s': PER_SECOND })
}

interface Tapping {
  readonly deployment: Deployment
  readonly store: Store
  readonly arrivals: Arrivals
}

/** Ingress and ledger; a token counts once a majority has it. */
async function tapping(
  opening: AsyncDisposableStack,
  { deployment, store, arrivals }: Tapping,
): Promise<Contender> {
  const { appSecret, databasePrefix, personPepper } = deployment
  const ingress = opening.use(await startService(deployment, 'ingress'))
  opening.use(await startService(deployment, 'token-ledger'))
  const db = store.db(`${databasePrefix}_ledger`)
  const tokens = awaitById()
  await watch(opening, db.collection<{ _id: string }>(await newestOf(db, 'tokens')), tokens)
  const identity = createIdentity(pepperKey(new Secret(personPepper)))
  const post = posting(opening, ingress.url)
  let tapped = 0
  return {
    name: TAP,
    round: async () => {
      const from = tapped
      tapped += arrivals.count
      const posts = signedWebhooks({ appSecret, count: arrivals.count, items: 1, from })
      const tap = async (index: number) => {
        const token = identity.token(pageId(PAGES[0]), tokenOf(from + index))
        await Promise.all([tokens.of(token), post(posts[index])])
      }
      return await arriving(TAP, ingress, arrivals, tap).round()
    },
  }
}

/** Resolves once the stream is open: what is inserted from then on is seen. */
async function watch(
  opening: AsyncDisposableStack,
  collection: Collection<{ _id: string }>,
  { seen }: Pick<Awaited, 'seen'>,
): Promise<void> {
  const stream = opening.adopt(collection.watch(), (one) => one.close())
  const isOpen = new Promise<unknown>((resolve) => stream.once('resumeTokenChanged', resolve))
  stream.on('change', (change) => {
    if (change.operationType === 'insert') seen(change.documentKey._id)
  })
  await isOpen
}

function posting(opening: AsyncDisposableStack, url: string) {
  const pool = opening.adopt(new Pool(url, { connections: CONNECTIONS }), (one) => one.close())
  return async ({ headers, body }: Post = { headers: {}, body: '' }): Promise<void> => {
    const answer = await pool.request({ method: 'POST', path: '/webhook', headers, body })
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`the webhook was answered ${answer.statusCode}`)
  }
}
