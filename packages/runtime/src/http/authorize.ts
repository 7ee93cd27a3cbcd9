import { appError } from '@otn/kernel'
import type { FastifyRequest } from 'fastify'
import { type ApiKey, findApiKey, type Scope } from './api-keys.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key the caller showed, after `authorize`. */
    apiKey?: ApiKey
  }
}

/**
 * A hook that lets through who holds a key with the scope.
 * @throws OTN_HTTP_UNAUTHENTICATED (401), OTN_HTTP_FORBIDDEN (403)
 */
export function authorize(
  keys: readonly ApiKey[],
  scope: Scope,
): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const key = findApiKey(keys, request.headers.authorization)
    if (!key) {
      const publicMessage = 'send the header Authorization: Bearer <key>'
      throw appError('OTN_HTTP_UNAUTHENTICATED', { message: 'no known key', publicMessage })
    }
    if (!key.scopes.includes(scope)) {
      const publicMessage = `the key "${key.id}" lacks the scope ${scope}`
      throw appError('OTN_HTTP_FORBIDDEN', { message: 'scope missing', publicMessage })
    }
    request.apiKey = key
  }
}
