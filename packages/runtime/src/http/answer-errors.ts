import { appError, isAppError } from '@otn/kernel'
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { problemOf } from './problem.ts'

const RETRY_AFTER_SECONDS = '1'

/** Answers errors as problem documents; what nobody foresaw is logged and shows nothing. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toAppError(error)
    if (known === null) request.log.error({ event: 'http.failed', error }, 'request failed')
    return answer(reply, known ?? error)
  })
  app.setNotFoundHandler((_request, reply) => {
    const publicMessage = 'no route answers this method and path; see /openapi.json'
    const message = 'unknown route'
    return answer(reply, appError('OTN_HTTP_NOT_FOUND', { message, publicMessage }))
  })
}

function answer(reply: FastifyReply, error: unknown): FastifyReply {
  const problem = problemOf(error)
  if (problem.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS)
  if (problem.code === 'OTN_HTTP_UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  reply.code(problem.status).type('application/problem+json')
  // Serialised here: the route's own response schema speaks of its successes.
  return reply.serializer((body: unknown) => JSON.stringify(body)).send(problem)
}

function toAppError(error: FastifyError): Error | null {
  if (isAppError(error)) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      field:
        instancePath.replace(/^\//, '').replaceAll('/', '.') || (error.validationContext ?? ''),
      message: message ?? 'not valid',
    }))
    const said = errors.map(({ field, message }) => `${field}: ${message}`).join('; ')
    return appError('OTN_HTTP_INVALID', {
      message: 'request does not fit its schema',
      publicMessage: said,
      details: { errors },
    })
  }
  const status = error.statusCode ?? 500
  if (status === 413) return appError('OTN_HTTP_BODY_TOO_LARGE', { message: 'body too large' })
  if (status === 503) return appError('OTN_HTTP_UNAVAILABLE', { message: error.code })
  if (status < 500) {
    const publicMessage = `the request cannot be read (${error.code ?? status})`
    return appError('OTN_HTTP_INVALID', { message: error.code ?? 'bad request', publicMessage })
  }
  return null
}
