/** B1 and B3: what a webhook costs the ingress, and what garbage does. */
import type { Deployment } from '@otn/stack'
import { startService } from '../ground/start-service.ts'
import type { Question } from '../measure/judge.ts'
import { type Post, postAll } from '../measure/post-all.ts'
import type { Contender } from '../measure/sample.ts'
import { measured, type Worker } from '../measure/worker.ts'
import type { NaiveIngressQuestion } from '../servers/naive-ingress.ts'
import type { RawProducerQuestion } from '../servers/raw-producer.ts'
import { type Benchmark, type BenchmarkWish, type OpenBenchmark, opened } from './benchmark.ts'
import { openServer } from './processes.ts'
import { openRawProducer } from './raw-producer.ts'
import { forgedWebhook, signedWebhooks } from './webhooks.ts'

const CONNECTIONS = 64
const PATH = '/webhook'
const GARBAGE_BYTES = 32 * 1024
const CONTROL = { of: 'bare Fastify', twin: 'bare Fastify again' }
const REFUSED = 401

const ingress = { metric: 'cpuUs', subject: 'ingress', form: 'cost' } as const

const QUESTIONS: readonly Question[] = [
  {
    ...ingress,
    name: 'CPU per request ÷ (bare Fastify + raw kafkajs with the same ready records)',
    parts: ['bare Fastify', 'raw kafkajs'],
    aim: 1.25,
  },
  {
    ...ingress,
    name: 'CPU per request ÷ bare Fastify alone',
    parts: ['bare Fastify'],
    aim: 2,
  },
  {
    ...{ metric: 'wallUs', subject: 'ingress', form: 'speed' },
    name: 'requests/s ÷ one producer.send for each request, 64 connections',
    parts: ['naive form'],
    aim: 2.5,
  },
  {
    ...{ metric: 'cpuUs', subject: 'ingress', form: 'speed' },
    name: 'CPU per request of the naive form ÷ ours',
    parts: ['naive form'],
    aim: null,
  },
]

export const ingressOne = webhookBenchmark(1, 4_000)
export const ingressSixteen = webhookBenchmark(16, 1_000)

export const ingressGarbage: Benchmark = {
  name: 'ingress-garbage',
  sentence: 'B3: 32 KiB with a signature that nobody made, refused by the ingress',
  questions: [
    {
      ...ingress,
      name: 'CPU per refusal ÷ bare Fastify that reads the body and drops it',
      parts: ['bare Fastify'],
      aim: 1.5,
    },
  ],
  control: CONTROL,
  open: async ({ scale, ground }) => {
    const deployment = await ground.deploy('garbage')
    const units = Math.ceil(2_000 * scale)
    const posts: readonly Post[] = Array<Post>(units).fill(forgedWebhook(GARBAGE_BYTES))
    await using opening = new AsyncDisposableStack()
    const service = opening.use(await startService(deployment, 'ingress'))
    const contenders = [
      posting('ingress', service, { url: service.url, posts, status: REFUSED }),
      ...(await bareOnes(opening, posts)),
    ]
    return opened(opening, contenders, { units, bytes: GARBAGE_BYTES, connections: CONNECTIONS })
  },
}

/** @param units requests of a round */
function webhookBenchmark(items: number, units: number): Benchmark {
  const what = items === 1 ? '1 opt-in' : `${items} opt-ins`
  return {
    name: `ingress-${items}`,
    sentence: `B1: a signed webhook of ${what}, acknowledged by Kafka`,
    questions: QUESTIONS,
    control: CONTROL,
    open: (wish) => openWebhooks({ ...wish, items, units: Math.ceil(units * wish.scale) }),
  }
}

interface WebhooksWish extends BenchmarkWish {
  readonly items: number
  readonly units: number
}

async function openWebhooks({ ground, items, units }: WebhooksWish): Promise<OpenBenchmark> {
  const deployment = await ground.deploy(`ingress-${items}`)
  const { appSecret } = deployment
  const posts = signedWebhooks({ appSecret, count: units, items })
  await using opening = new AsyncDisposableStack()
  const service = opening.use(await startService(deployment, 'ingress'))
  const subject = posting('ingress', service, { url: service.url, posts })
  // What it writes is what the bare producer writes.
  await subject.round()
  const contenders = [
    subject,
    ...(await bareOnes(opening, posts)),
    await producing(opening, deployment, { units, items }),
    await naive(opening, deployment, posts),
  ]
  return opened(opening, contenders, { units, items, connections: CONNECTIONS })
}

interface Posting {
  readonly url: string
  readonly posts: readonly Post[]
  readonly status?: number
}

function posting(name: string, worker: Worker, wish: Posting): Contender {
  const work = () => postAll({ ...wish, path: PATH, connections: CONNECTIONS })
  return { name, round: () => measured(worker, wish.posts.length, work) }
}

/** The same route twice, in two processes. */
async function bareOnes(
  opening: AsyncDisposableStack,
  posts: readonly Post[],
): Promise<readonly Contender[]> {
  const one = async (name: string) => {
    const { worker, value } = await openServer(opening, 'bare-raw', { kind: 'open' })
    return posting(name, worker, { url: String(value), posts })
  }
  return [await one(CONTROL.of), await one(CONTROL.twin)]
}

/** The bare part that appends; its calls are as many and as large as the ingress has. */
async function producing(
  opening: AsyncDisposableStack,
  deployment: Deployment,
  { units, items }: Pick<WebhooksWish, 'units' | 'items'>,
): Promise<Contender> {
  const wish = { name: 'raw', deployment, groups: units, count: units * items }
  const worker = await openRawProducer(opening, { ...wish, callers: CONNECTIONS })
  const append: RawProducerQuestion = { kind: 'append' }
  return { name: 'raw kafkajs', round: () => measured(worker, units, () => worker.ask(append)) }
}

async function naive(
  opening: AsyncDisposableStack,
  { kafkaBrokers: brokers, topicPrefix, appSecret }: Deployment,
  posts: readonly Post[],
): Promise<Contender> {
  const topic = `${topicPrefix}naive`
  const question: NaiveIngressQuestion = { kind: 'open', brokers, topic, appSecret }
  const { worker, value } = await openServer(opening, 'naive-ingress', question)
  return posting('naive form', worker, { url: String(value), posts })
}
