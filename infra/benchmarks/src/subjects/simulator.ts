/** The simulator must never be the bottleneck of a benchmark it takes part in. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Question } from '../measure/judge.ts'
import { type Post, postAll } from '../measure/post-all.ts'
import type { Contender } from '../measure/sample.ts'
import { measured, type Worker } from '../measure/worker.ts'
import type { SimulatorQuestion } from '../servers/simulator.ts'
import { type Benchmark, opened } from './benchmark.ts'
import { startServer } from './processes.ts'

const UNITS = 2_000
const JSON_TYPE = { 'content-type': 'application/json' }
/** What comes with a webhook; the baseline checks no signature. */
const WEBHOOK = {
  ...JSON_TYPE,
  accept: '*/*',
  'user-agent': 'facebookexternalua',
  'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  'x-hub-signature': `sha1=${'0'.repeat(40)}`,
}
const CONTROL = { of: 'bare Fastify', twin: 'bare Fastify again' }
const SIMULATOR = 'simulator'

const againstBare = (name: string): Question => ({
  ...{ name, metric: 'cpuUs', subject: SIMULATOR, parts: [CONTROL.of], form: 'cost', aim: 2 },
})

export const sendApi: Benchmark = {
  name: 'simulator-send-api',
  sentence: 'A call of the Send API, judged by the simulator',
  questions: [againstBare('CPU per call ÷ bare Fastify that is sent the same request')],
  control: CONTROL,
  open: async ({ scale }) => {
    const units = Math.ceil(UNITS * scale)
    await using opening = new AsyncDisposableStack()
    const simulator = opening.use(await startServer('simulator'))
    const { value } = await ask(simulator, { kind: 'address' })
    const { url, accessToken } = value as { readonly url: string; readonly accessToken: string }
    const headers = { ...JSON_TYPE, authorization: `Bearer ${accessToken}` }
    const path = '/v21.0/me/messages'
    const subject: Contender = {
      name: SIMULATOR,
      round: async () => {
        const tokens = (await ask(simulator, { kind: 'tokens', count: units })).value as string[]
        const posts = tokens.map((token) => ({ headers, body: sendBody(token) }))
        return measured(simulator, units, () => postAll({ url, path, posts }))
      },
    }
    const bodies = Array.from({ length: units }, (_, index) => sendBody(tokenLike(index)))
    const posts = bodies.map((body) => ({ headers, body }))
    return opened(opening, [subject, ...(await bareOnes(opening, path, posts))], { units })
  },
}

export const signedWebhook: Benchmark = {
  name: 'simulator-webhook',
  sentence: 'A tap in the simulator, with its signed webhook',
  questions: [againstBare('CPU per tap ÷ bare Fastify that is sent such a webhook')],
  control: CONTROL,
  open: async ({ scale }) => {
    const units = Math.ceil(UNITS * scale)
    await using opening = new AsyncDisposableStack()
    const simulator = opening.use(await startServer('simulator'))
    const { callbackUrl } = opening.use(await startReceiver())
    const taps = { kind: 'webhooks', count: units, callbackUrl } as const
    const subject: Contender = {
      name: SIMULATOR,
      round: () => measured(simulator, units, () => ask(simulator, taps)),
    }
    const bodies = Array.from({ length: units }, webhookBody)
    const posts = bodies.map((body) => ({ headers: WEBHOOK, body }))
    return opened(opening, [subject, ...(await bareOnes(opening, '/webhook', posts))], { units })
  },
}

/** Two bare servers that are sent the same requests: baseline and control. */
async function bareOnes(
  opening: AsyncDisposableStack,
  path: string,
  posts: readonly Post[],
): Promise<readonly Contender[]> {
  const one = async (name: string): Promise<Contender> => {
    const bare = opening.use(await startServer('bare-fastify'))
    const url = String((await bare.ask({ kind: 'open' })).value)
    return { name, round: () => measured(bare, posts.length, () => postAll({ url, path, posts })) }
  }
  return [await one(CONTROL.of), await one(CONTROL.twin)]
}

function ask(worker: Worker, question: SimulatorQuestion) {
  return worker.ask(question)
}

/** As long as a token of the simulator. */
function tokenLike(index: number): string {
  return `44${String(index).padStart(16, '0')}`
}

function sendBody(token: string): string {
  const recipient = { one_time_notif_token: token }
  return JSON.stringify({ recipient, message: { text: 'The blue jacket is back.' } })
}

function webhookBody(_: unknown, index: number): string {
  const [at, page] = [1_458_692_752_478 + index, '104850000000001']
  const optin = { type: 'one_time_notif_req', payload: 'otn1:restock-1234:' }
  const psid = `2${String(index).padStart(16, '0')}`
  const ids = { sender: { id: psid }, recipient: { id: page }, timestamp: at }
  const item = { ...ids, optin: { ...optin, one_time_notif_token: tokenLike(index) } }
  return JSON.stringify({ object: 'page', entry: [{ id: page, time: at, messaging: [item] }] })
}

async function startReceiver(): Promise<{ readonly callbackUrl: string } & AsyncDisposable> {
  const server: Server = createServer((message, response) => {
    const challenge = new URL(`http://h${message.url}`).searchParams.get('hub.challenge')
    message.resume().once('end', () => response.end(challenge ?? ''))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    callbackUrl: `http://127.0.0.1:${port}/webhook`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
