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
import { type RawCall, readGraphRequest } from './read-graph-request.ts'

/** Larger than any message the Send API takes. */
const BODY_BYTES_MAX = 1024 * 1024

/** Any; those that callers use are named, because only what is named is found without parsing. */
const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded', '*']

/** Is told of every call before it is judged. @returns what is told of its answer */
export type GraphWatch = (call: RawCall, reply: FastifyReply['raw']) => (answer: WireAnswer) => void

/** The Graph side. Paths are read by the domain, so that every path gets Meta's own answer. */
export function createGraphServer(simulation: Simulation, watch: GraphWatch): FastifyInstance {
  const refuse = (error: FastifyError, reply: FastifyReply): FastifyReply => {
    if ((error.statusCode ?? 500) >= 500) crash(error)
    const fault = faultOf('request-unreadable', simulation.switches.answers)
    return send(reply, genuine(failure(fault, simulation.ids.traceId())))
  }
  const server = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void refuse(error, reply),
  })
  server.setErrorHandler((error: FastifyError, _request, reply) => refuse(error, reply))
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(CONTENT_TYPES, { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })
  // No promise where there is nothing to wait for: most calls are answered in the turn they came.
  server.all('/*', (request, reply) => {
    const call = rawCall(request)
    const tell = watch(call, reply.raw)
    const answer = answerCall(readGraphRequest(call), simulation)
    if (!(answer instanceof Promise)) return write(reply, answer, tell)
    return answer.then((late) => {
      tell(late)
      return send(reply, late)
    })
  })
  return server
}

function rawCall({ method, url, headers, body }: FastifyRequest): RawCall {
  return { method, url, headers, body: typeof body === 'string' ? body : '' }
}

/**
 * Writes an answer of the judge past Fastify, whose copies, hooks and checks of headers cost as
 * much as judging. What has no body by its status is left to Fastify.
 */
function write(
  reply: FastifyReply,
  answer: WireAnswer,
  tell: (answer: WireAnswer) => void,
): FastifyReply {
  tell(answer)
  if (answer.kind === 'cut' || answer.status === 204 || answer.status === 304)
    return send(reply, answer)
  reply.hijack()
  const { status, headers, body } = answer
  const lines: string[] = []
  for (const name in headers) lines.push(name, headers[name] ?? '')
  lines.push('content-length', String(body.length))
  // ASCII, as all that the judge writes, and cheaper to copy when that is said.
  reply.raw.writeHead(status, lines).end(body, 'latin1')
  return reply
}

/** Sends what a knob or a wait made of an answer. */
function send(reply: FastifyReply, answer: WireAnswer): FastifyReply {
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
