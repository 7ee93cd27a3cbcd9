import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { rebuildAnswer, rebuildSchema } from '../queries/operations-schema.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const answerSchema = z.object({ rebuild: rebuildSchema.nullable().describe('Null = never') })

/** `GET /v1/operations/rebuild`: how the last rebuild goes or ended, whichever process runs it. */
export function getOperationsRebuild(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'How the last rebuild goes',
    tags: ['operations'],
    response: { 200: answerSchema },
  }
  const onRequest = parts.mayCall('operations')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/operations/rebuild', { schema, onRequest }, async () => {
    const report = await parts.operations.lastRebuild()
    return { rebuild: report === null ? null : rebuildAnswer(report) }
  })
}
