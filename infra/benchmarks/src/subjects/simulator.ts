/** The simulator must never be the bottleneck of a benchmark it takes part in. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Comparison, type Contender, interleave } from '../measure/interleave.ts'
import { type Posts, postAll } from '../measure/post-all.ts'
import { startWorker, type Worker } from '../measure/worker.ts'
import type { SimulatorQuestion } from '../servers/simulator.ts'
import type { Benchmark } from './benchmark.ts'

const UNITS = 2_000
const SERVERS = join(import.meta.dirname, '../servers')
const JSON_TYPE = { 'content-type': 'application/json' }
/** What comes with a webhook; the baseline checks no signature. */
const WEBHOOK = {
  ...JSON_TYPE,
  accept: '*/*',
  'user-agent': 'facebookexternalua',
  'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
  'x-hub-signature': `sha1=${'0'.repeat(40)}`,
}

export const sendApi: Benchmark = {
  name: 'simulator-send-api',
  sentence: 'CPU per call of the Send API ÷ bare Fastify that is sent the same request',
  goal: 2,
  run: async (rounds) => {
    await using simulator = await startWorker(join(SERVERS, 'simulator.ts'))
    const { value } = await ask(simulator, { kind: 'address' })
    const { url, accessToken } = value as { readonly url: string; readonly accessToken: string }
    const headers = { ...JSON_TYPE, authorization: `Bearer ${accessToken}` }
    const request = { path: '/v21.0/me/messages', headers }
    const subject: Contender = {
      round: async () => {
        const tokens = (await ask(simulator, { kind: 'tokens', count: UNITS })).value as string[]
        const posts = { url, ...request, bodies: tokens.map(sendBody) }
        return cpuOf(simulator, posts, { kind: 'address' })
      },
    }
    const bodies = Array.from({ length: UNITS }, (_, index) => sendBody(tokenLike(index)))
    return await againstBare(subject, { ...request, bodies, rounds })
  },
}

export const signedWebhook: Benchmark = {
  name: 'simulator-webhook',
  sentence: 'CPU per tap with its signed webhook ÷ bare Fastify that is sent such a webhook',
  goal: 2,
  run: async (rounds) => {
    await using simulator = await startWorker(join(SERVERS, 'simulator.ts'))
    await using receiver = await startReceiver()
    const { callbackUrl } = receiver
    const subject: Contender = {
      round: async () => {
        const { cpuUs: before } = await ask(simulator, { kind: 'address' })
        const { cpuUs } = await ask(simulator, { kind: 'webhooks', count: UNITS, callbackUrl })
        return (cpuUs - before) / UNITS
      },
    }
    const bodies = Array.from({ length: UNITS }, webhookBody)
    return await againstBare(subject, { path: '/webhook', headers: WEBHOOK, bodies, rounds })
  },
}

interface Contest extends Omit<Posts, 'url'> {
  readonly rounds: number
}

/** The subject beside two bare servers that are sent the same requests: baseline and control. */
async function againstBare(
  subject: Contender,
  { rounds, ...requests }: Contest,
): Promise<Comparison> {
  await using bare = await startWorker(join(SERVERS, 'bare-fastify.ts'))
  await using twin = await startWorker(join(SERVERS, 'bare-fastify.ts'))
  const [baseline, control] = [await bareRounds(bare, requests), await bareRounds(twin, requests)]
  return await interleave({ subject, baseline, control }, rounds)
}

function ask(worker: Worker, question: SimulatorQuestion) {
  return worker.ask(question)
}

async function bareRounds(worker: Worker, requests: Omit<Posts, 'url'>): Promise<Contender> {
  const url = String((await worker.ask({})).value)
  return { round: () => cpuOf(worker, { url, ...requests }, {}) }
}

/** As long as a token of the simulator. */
function tokenLike(index: number): string {
  return `44${String(index).padStart(16, '0')}`
}

async function cpuOf(worker: Worker, posts: Posts, question: object): Promise<number> {
  const { cpuUs: before } = await worker.ask(question)
  await postAll(posts)
  const { cpuUs } = await worker.ask(question)
  return (cpuUs - before) / posts.bodies.length
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
