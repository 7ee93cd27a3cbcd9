import { appError, isAppError } from '@otn/kernel'
import { problemOf, statusOf } from '@otn/runtime'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'

import type { Followers } from '../clock/followers.ts'
import type { Control } from '../control/control.ts'
import type { App } from '../simulation.ts'
import { serveClock } from './clock-routes.ts'
import { serveGraphControl } from './graph-control-routes.ts'
import { isTooDeep } from './nesting.ts'
import { serveScenarios } from './scenario-routes.ts'
import { serveWebhooks } from './webhook-routes.ts'

/** Large enough for a batch of a thousand events. */
const BODY_BYTES_MAX = 16 * 1024 * 1024

export interface SimulatedPage {
  readonly pageId: string
  readonly name: string
  readonly accessToken: string
}

export interface ControlServerInput {
  readonly control: Control
  readonly followers: Followers
  readonly app: App
  readonly pages: readonly SimulatedPage[]
}

/** The side that Meta does not have: for tests, the command line and the stack. */
export function createControlServer(input: ControlServerInput): FastifyInstance {
  const { control, followers } = input
  const server = Fastify({ bodyLimit: BODY_BYTES_MAX, forceCloseConnections: true })
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = isAppError(error) || (error.statusCode ?? 500) >= 500 ? error : unreadable(error)
    const status = isAppError(known) ? statusOf(known) : 500
    return reply.code(status).type('application/problem+json').send(problemOf(known))
  })
  server.addHook('preHandler', async ({ body }) => {
    if (!isTooDeep(body)) return
    const publicMessage = 'body: nests too deep; at most 64 levels are read'
    throw appError('OTN_HTTP_INVALID', { message: publicMessage, publicMessage })
  })
  server.get('/health/live', async () => ({ status: 'live' }))
  server.get('/health/ready', async () => ({ status: 'ready' }))
  serveWorld(server, input)
  serveWebhooks(server, control)
  serveWeather(server, control)
  serveGraphControl(server, control)
  serveClock(server, { control, followers })
  serveScenarios(server, { ...control, pageIds: input.pages.map(({ pageId }) => pageId) })
  return server
}

function serveWorld(server: FastifyInstance, { control, app, pages }: ControlServerInput): void {
  server.get('/_sim/app', async () => app)
  server.get('/_sim/pages', async () => ({ pages }))
  server.get<{ Querystring: { pageId?: string } }>('/_sim/people', async ({ query }) => ({
    people: control.people(query.pageId),
  }))
  server.post<{ Body: Arg<'addPeople'> }>('/_sim/people', async ({ body }) => ({
    people: control.addPeople(body),
  }))
  server.post<{ Body: Arg<'ask'> }>('/_sim/ask', async ({ body }) => control.ask(body))
  server.post<{ Body: Arg<'tap'> }>('/_sim/tap', async ({ body }) => control.tap(body))
  server.post<{ Body: Arg<'act'> }>('/_sim/act', async ({ body }) => control.act(body))
  server.post<{ Body: Arg<'send'> }>('/_sim/send', async ({ body }) => control.send(body))
  server.post<{ Body: Arg<'happen'> }>('/_sim/event', async ({ body }) => control.happen(body))
  server.get<{ Querystring: NonNullable<Arg<'truth'>> }>('/_sim/truth', async ({ query }) =>
    control.truth(query),
  )
}

function serveWeather(server: FastifyInstance, control: Control): void {
  server.get('/_sim/knobs', async () => ({ knobs: control.knobs() }))
  server.post<{ Body: Arg<'addKnob'> }>('/_sim/knobs', async ({ body }) => control.addKnob(body))
  server.delete('/_sim/knobs', async () => {
    control.clearKnobs()
    return { knobs: control.knobs() }
  })
  server.get('/_sim/switches', async () => control.switches())
  server.post<{ Body: Arg<'setSwitches'> }>('/_sim/switches', async ({ body }) =>
    control.setSwitches(body),
  )
}

/** The body of a route; the control reads it again and refuses what does not fit. */
type Arg<Name extends keyof Control> = Parameters<Control[Name]>[0]

function unreadable(error: FastifyError): Error {
  const publicMessage = `the request cannot be read: ${error.message}`
  return appError('OTN_HTTP_INVALID', { message: publicMessage, publicMessage })
}
