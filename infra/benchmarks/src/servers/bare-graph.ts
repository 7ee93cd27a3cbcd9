/** In place of the Graph API: takes every message after a fixed time, and judges nothing. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { answerQuestions } from '../measure/worker.ts'

export type BareGraphQuestion =
  | { readonly kind: 'open'; readonly delayMs: number }
  /** The first call it was sent; null before. */
  | { readonly kind: 'seen' }

export interface SeenCall {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What each connection says for itself. */
const OF_CONNECTION: ReadonlySet<string> = new Set(['host', 'connection', 'content-length'])

let seen: SeenCall | null = null
let delayMs = 0
let answered = 0

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (seen === null) {
    const body = Buffer.concat(chunks).toString()
    seen = { path: request.url ?? '', headers: named(request.headers), body }
  }
  if (delayMs > 0) await delay(delayMs)
  answered += 1
  const messageId = `m_${String(answered).padStart(86, '0')}`
  response.setHeader('content-type', 'application/json')
  response.end(`{"recipient_id":"24850000000000001","message_id":"${messageId}"}`)
})
server.keepAliveTimeout = 600_000
server.listen({ host: '127.0.0.1', port: 0 })
await once(server, 'listening')
const { port } = server.address() as AddressInfo

function named(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const own = Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name))
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]))
}

answerQuestions(async (question) => {
  const asked = question as BareGraphQuestion
  if (asked.kind === 'seen') return seen
  delayMs = asked.delayMs
  return `http://127.0.0.1:${port}`
})
