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

export interface DoorOptions {
  readonly log: Log
  readonly metrics: Metrics
  readonly notReady: Readiness
  readonly routes: readonly ((app: HttpServer) => void)[]
}

/** The HTTP API with its document and health; nothing listens yet. */
export async function openDoor(options: DoorOptions): Promise<HttpServer> {
  const { log, metrics, notReady, routes } = options
  const app = createHttpServer({ log })
  logRequests(app)
  await serveOpenApi(app, {
    title: 'dispatcher',
    description:
      'Asks for notifications and tells what became of them. Instants are ms since 1970.',
  })
  serveHealth(app, { metrics, notReady })
  for (const route of routes) route(app)
  return app
}
