/** The page for people: a pretend Messenger, and what the system saw of it. */
import { createHash } from 'node:crypto'

import { appError } from '@otn/kernel'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'

import { parseInput } from '../control/parse-input.ts'
import { knowledgeOf } from './knowledge.ts'
import type { KnowledgeSource } from './knowledge-source.ts'
import { readPageFiles } from './page-files.ts'
import { type PageSources, pageQuerySchema, pageState } from './page-state.ts'

export interface PageRoutes extends Pick<PageSources, 'simulation' | 'control' | 'witness'> {
  /** Null where the addresses of ledger and dispatcher were not given. */
  readonly knowledge: KnowledgeSource | null
}

/** The page loads from here alone, is framed by nobody and sends no form anywhere. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
} as const

const personSchema = z.object({ page: z.string(), person: z.string() })

/** Adds `GET /` and `GET /page/…` to the control side. */
export function servePage(server: FastifyInstance, routes: PageRoutes): void {
  const files = readPageFiles()
  const send = (name: string, reply: FastifyReply): FastifyReply => {
    const file = files.get(name)
    if (file === undefined) throw notFound(name)
    return reply.headers(HEADERS).type(file.type).send(file.body)
  }
  const sources: PageSources = {
    ...routes,
    isKnowledgeGiven: routes.knowledge !== null,
    hasRoute: (method, url) => server.hasRoute({ method, url }),
  }
  server.get('/', async (_request, reply) => send('page.html', reply))
  server.get<{ Params: { name: string } }>('/page/:name', async ({ params }, reply) =>
    send(params.name, reply),
  )
  server.get('/page/state', async ({ query, headers }, reply) => {
    const state = pageState(sources, parseInput(pageQuerySchema, query))
    const tag = `"${createHash('sha256').update(JSON.stringify(state)).digest('base64url')}"`
    reply.headers({ ...HEADERS, etag: tag })
    if (headers['if-none-match'] === tag) return reply.code(304).send()
    return { ...state, nowMs: routes.simulation.clock.nowMs() }
  })
  server.get('/page/knowledge', async ({ query }, reply) => {
    const { page: pageId, person: psid } = parseInput(personSchema, query)
    reply.headers(HEADERS)
    if (routes.knowledge === null) return { tokens: [], fault: null }
    const readTruth = () => routes.control.truth({ pageId, psid })
    return knowledgeOf(routes.knowledge, { pageId, psid, readTruth })
  })
}

function notFound(name: string) {
  const publicMessage = `the page has no file ${JSON.stringify(name)}; it starts at /`
  return appError('OTN_HTTP_NOT_FOUND', { message: publicMessage, publicMessage })
}
