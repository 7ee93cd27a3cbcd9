import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'

import { faultOf } from '../domain/faults.ts'
import { failure } from '../domain/graph-answer.ts'
import { genuine, type WireAnswer } from '../domain/struck-answer.ts'
import type { Simulation } from '../simulation.ts'
import { answerCall } from './answer-call.ts'
import { readGraphRequest } from './read-graph-request.ts'

/** Larger than any message the Send API takes. */
const BODY_BYTES_MAX = 1024 * 1024

/** The Graph side. Paths are read by the domain, so that every path gets Meta's own answer. */
export function createGraphServer(simulation: Simulation): FastifyInstance {
  const refuse = (error: FastifyError, reply: FastifyReply): FastifyReply => {
    if ((error.statusCode ?? 500) >= 500) crash(error)
    const fault = faultOf('request-unreadable', simulation.switches.answers)
    return write(reply, genuine(failure(fault, simulation.ids.traceId())))
  }
  const server = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void refuse(error, reply),
  })
  server.setErrorHandler((error: FastifyError, _request, reply) => refuse(error, reply))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  // No promise where there is nothing to wait for: most calls are answered in the turn they came.
  server.all('/*', (request, reply) => {
    const answer = answerCall(readGraphRequest(rawCall(request)), simulation)
    return answer instanceof Promise
      ? answer.then((late) => write(reply, late))
      : write(reply, answer)
  })
  return server
}

function rawCall({ method, url, headers, body }: FastifyRequest) {
  return {
    method,
    url,
    contentType: headers['content-type'] ?? '',
    authorization: headers.authorization,
    body: Buffer.isBuffer(body) ? body : null,
  }
}

function write(reply: FastifyReply, answer: WireAnswer): FastifyReply {
  if (answer.kind === 'whole') {
    return reply.code(answer.status).headers(answer.headers).send(answer.body)
  }
  reply.hijack()
  reply.raw.destroy()
  return reply
}

/** A judge with a fault must not go on judging. */
function crash(error: Error): void {
  setImmediate(() => {
    throw error
  })
}
