import { appError } from '@otn/kernel'
import type { FastifyInstance, FastifyReply } from 'fastify'

import type { ClockFrame, Followers } from '../clock/followers.ts'
import type { Control } from '../control/control.ts'
import { parseInput } from '../control/parse-input.ts'
import { advanceSchema, confirmSchema } from '../control/requests.ts'

export interface ClockRoutes {
  readonly control: Control
  readonly followers: Followers
}

/**
 * `GET /clock?follower=NAME` streams one line of JSON per jump, the first at once; each is to be
 * confirmed by `POST /clock/confirm {follower, revision}`. Without a name it is read once.
 */
export function serveClock(server: FastifyInstance, { control, followers }: ClockRoutes): void {
  server.get<{ Querystring: { follower?: string } }>('/clock', async ({ query }, reply) => {
    const { follower: name } = query
    if (name === undefined || name === '') return control.clock()
    return stream({ name, reply, followers, frame: control.clock() })
  })
  server.post('/clock', async ({ body }) =>
    control.advance(parseInput(advanceSchema, body).advanceMs),
  )
  server.post('/clock/confirm', async ({ body }) => {
    const { follower, revision } = parseInput(confirmSchema, body)
    if (followers.confirm(follower, revision)) return control.clock()
    const publicMessage = `follower: nobody follows as ${follower}; GET /clock?follower=${follower}`
    throw appError('OTN_HTTP_NOT_FOUND', { message: publicMessage, publicMessage })
  })
  server.get('/clock/followers', async () => ({ followers: followers.names() }))
}

interface Stream {
  readonly name: string
  readonly reply: FastifyReply
  readonly followers: Followers
  readonly frame: ClockFrame
}

function stream({ name, reply, followers, frame }: Stream): FastifyReply {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const follower = {
    name,
    tell: (next: ClockFrame) => void raw.write(`${JSON.stringify(next)}\n`),
    dismiss: () => void raw.end(),
  }
  const leave = followers.follow(follower, frame)
  raw.once('close', leave)
  return reply
}
