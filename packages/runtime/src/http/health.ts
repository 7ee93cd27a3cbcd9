import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../telemetry/metrics.ts'

/** Why a service is not ready, in words for people; empty = ready. */
export type Readiness = () => readonly string[]

/**
 * `/health/live` (the event loop answers), `/health/ready` (503 with the reasons else), `/metrics`.
 * Liveness asks no engine: an outage of Kafka must not restart everything at once.
 */
export function serveHealth(
  app: FastifyInstance,
  { metrics, notReady }: { readonly metrics: Metrics; readonly notReady: Readiness },
): void {
  app.get('/health/live', { schema: { hide: true } }, async () => ({ status: 'live' }))
  app.get('/health/ready', { schema: { hide: true } }, async (_request, reply) => {
    const reasons = notReady()
    if (reasons.length === 0) return { status: 'ready' }
    return reply.code(503).header('retry-after', '1').send({ status: 'not ready', reasons })
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
}
