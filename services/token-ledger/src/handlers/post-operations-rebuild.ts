import { appError } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { rebuildAnswer, rebuildSchema } from '../queries/operations-schema.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** `POST /v1/operations/rebuild`: folds the whole log anew beside what is served, then swaps. */
export function postOperationsRebuild(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Rebuild the read model from the log',
    tags: ['operations'],
    response: { 202: rebuildSchema },
  }
  const onRequest = parts.mayCall('operations')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/operations/rebuild', { schema, onRequest }, async (_request, reply) => {
    const report = await parts.operations.startRebuild()
    if (report !== null) return reply.code(202).send(rebuildAnswer(report))
    const publicMessage = 'a rebuild is running, or the read model is folded for the first time'
    throw appError('OTN_HTTP_CONFLICT', { message: 'rebuild running', publicMessage })
  })
}
