import type { FastifyInstance } from 'fastify'

/** One line per request with the route's pattern, never the URL: ids stand in paths and queries. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      event: 'http.answered',
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      keyId: request.apiKey?.id,
    }
    if (reply.statusCode >= 500) request.log.warn(line, 'request answered')
    else request.log.debug(line, 'request answered')
  })
}
