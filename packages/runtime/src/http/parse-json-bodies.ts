import { appError, scanJson } from '@otn/kernel'
import type { FastifyInstance } from 'fastify'

/** What any route of ours takes is nested less; a deeper body costs seconds to walk. */
const DEPTH_MAX = 32

/** Parses JSON bodies as Fastify does, and refuses one that is nested too deep before that. */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => {
      if (scanJson(body).depth <= DEPTH_MAX) return parse(request, body.toString('utf8'), done)
      const publicMessage = `the body is nested more than ${DEPTH_MAX} levels deep; flatten it`
      done(appError('OTN_HTTP_INVALID', { message: 'body too deep', publicMessage }))
    },
  )
}
