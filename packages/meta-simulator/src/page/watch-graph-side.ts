import { performance } from 'node:perf_hooks'

import type { FastifyInstance, FastifyRequest } from 'fastify'

import type { SeenCall, Witness } from './witness.ts'

const SEEN = Symbol('seen call')
type Watched = FastifyRequest & { [SEEN]?: SeenCall | null }

/** Looks on at every call of the Graph side and at what its caller got. */
export function watchGraphSide(
  server: FastifyInstance,
  witness: Witness,
  nowMs: () => number,
): void {
  server.decorateRequest(SEEN, null)
  server.addHook('preHandler', (request, reply, done) => {
    const { method, url, body } = request
    const arrived = {
      ...{ method, url, headers: request.headers },
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    }
    const call = witness.sawCall(arrived, nowMs())
    ;(request as Watched)[SEEN] = call
    const startedAt = performance.now()
    // Fires for a connection that was cut, too; `onResponse` would not.
    reply.raw.once('close', () => {
      call.tookMs = performance.now() - startedAt
      if (!reply.raw.writableFinished) call.answer = { kind: 'cut' }
    })
    done()
  })
  server.addHook('onSend', (request, reply, payload, done) => {
    const call = (request as Watched)[SEEN]
    const body = typeof payload === 'string' ? payload : ''
    if (call) call.answer = { kind: 'whole', status: reply.statusCode, body }
    done()
  })
}
