/** B2: how long a webhook waits for its 200 while they come by themselves. */
import { Pool } from 'undici'
import { startService } from '../ground/start-service.ts'
import type { Question } from '../measure/judge.ts'
import { type Post, postAll } from '../measure/post-all.ts'
import type { Round } from '../measure/sample.ts'
import type { RawProducerQuestion } from '../servers/raw-producer.ts'
import { arriving, arrivingThere } from './arriving.ts'
import { type Benchmark, type BenchmarkWish, type OpenBenchmark, opened } from './benchmark.ts'
import { openRawProducer } from './raw-producer.ts'
import { signedWebhooks } from './webhooks.ts'

const HALF = 'ingress at 50 %'
const NEARLY_FULL = 'ingress at 80 %'
const ACKNOWLEDGED = 'raw produce and acknowledge'
const CONTROL = { of: ACKNOWLEDGED, twin: `${ACKNOWLEDGED} again` }
const PATH = '/webhook'
/** Enough that no call waits for a connection. */
const CONNECTIONS = 512
const CLOSED_LOOP = 64
const SECONDS = 4

const QUESTIONS: readonly Question[] = [
  {
    ...{ metric: 'p99Us', subject: HALF, parts: [ACKNOWLEDGED], form: 'cost', aim: 1.4 },
    name: 'p99 of a webhook at half load ÷ p99 of a raw produce at the same rate',
  },
]

export const ingressLatency: Benchmark = {
  name: 'ingress-latency',
  sentence: 'B2: from the instant a webhook of one opt-in is due to its 200',
  questions: QUESTIONS,
  control: CONTROL,
  remarks,
  open,
}

/** That nobody waits longer than a second is counted, not compared. */
function remarks(rounds: readonly Round[]): readonly string[] {
  const late = rounds.reduce((sum, round) => sum + (round[NEARLY_FULL]?.aboveOneSecond ?? 0), 0)
  return [`webhooks above 1 s at 80 % load, in ${rounds.length} rounds: ${late} (goal 0)`]
}

async function open({ ground, scale }: BenchmarkWish): Promise<OpenBenchmark> {
  const deployment = await ground.deploy('latency')
  const { appSecret } = deployment
  const posts = signedWebhooks({ appSecret, count: Math.ceil(4_000 * scale), items: 1 })
  await using opening = new AsyncDisposableStack()
  const service = opening.use(await startService(deployment, 'ingress'))
  const perSecond = await capacity(service.url, posts)
  const [half, nearlyFull] = [0.5, 0.8].map((share) => ({
    perSecond: share * perSecond,
    count: Math.ceil(share * perSecond * SECONDS * scale),
    seed: 20_260_101,
  }))
  if (half === undefined || nearlyFull === undefined) throw new Error('no rate')
  const pool = opening.adopt(new Pool(service.url, { connections: CONNECTIONS }), (one) =>
    one.close(),
  )
  const bare = { deployment, groups: posts.length, count: posts.length, callers: CLOSED_LOOP }
  const appends = { kind: 'append as they come', arrivals: half } satisfies RawProducerQuestion
  const contenders = [
    arriving(HALF, service, half, (index) => post(pool, posts[index % posts.length])),
    arrivingThere(
      ACKNOWLEDGED,
      await openRawProducer(opening, { ...bare, name: 'raw-1' }),
      appends,
    ),
    arrivingThere(
      CONTROL.twin,
      await openRawProducer(opening, { ...bare, name: 'raw-2' }),
      appends,
    ),
    arriving(NEARLY_FULL, service, nearlyFull, (index) => post(pool, posts[index % posts.length])),
  ]
  return opened(opening, contenders, { 'requests/s at 100 %': Math.round(perSecond), ...half })
}

/** What it takes in a closed loop, requests a second; the first pass warms it up. */
async function capacity(url: string, posts: readonly Post[]): Promise<number> {
  const pass = () => postAll({ url, path: PATH, posts, connections: CLOSED_LOOP })
  await pass()
  const startedMs = performance.now()
  await pass()
  return (posts.length * 1_000) / (performance.now() - startedMs)
}

async function post(pool: Pool, { headers, body }: Post = { headers: {}, body: '' }) {
  const answer = await pool.request({ method: 'POST', path: PATH, headers, body })
  await answer.body.dump()
  if (answer.statusCode !== 200) throw new Error(`${PATH} answered ${answer.statusCode}`)
}
