import {
  createHttpServer,
  type HttpServer,
  type Log,
  logRequests,
  type Metrics,
  type Readiness,
  serveHealth,
  serveOpenApi,
} from '@otn/runtime'
import type { QueryParts } from '../queries/query-parts.ts'

export interface DoorOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly notReady: Readiness
  readonly routes: readonly ((app: HttpServer, parts: QueryParts) => void)[]
  readonly parts: QueryParts
}

/** The query API with its document and health; nothing listens yet. */
export async function openDoor(options: DoorOptions): Promise<HttpServer> {
  const { log, metrics, notReady, routes, parts } = options
  const app = createHttpServer({ log })
  logRequests(app)
  await serveOpenApi(app, {
    title: 'token-ledger',
    description: 'The state of every token, folded from the log. Instants are ms since the epoch.',
  })
  serveHealth(app, { metrics, notReady })
  for (const route of routes) route(app, parts)
  return app
}
