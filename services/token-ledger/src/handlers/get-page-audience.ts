import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { grantedBefore } from '../domain/expiry.ts'
import { liveFrom } from '../domain/token-filter.ts'
import { instantSchema, pageIdSchema, topicSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const answerSchema = z.object({
  persons: z.number().int().describe('People who hold a live token for the topic'),
  tokens: z.number().int().describe('Live tokens that they hold for it'),
  expiring: z.number().int().describe('People all of whose tokens expire before `expiresBefore`'),
})

/** `GET /v1/pages/:pageId/audience`: whom a message to all holders of a topic would reach now. */
export function getPageAudience(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'How many people hold a live token for a topic',
    tags: ['pages'],
    params: z.object({ pageId: pageIdSchema }),
    querystring: z.object({
      topic: topicSchema,
      expiresBefore: z.coerce.number().pipe(instantSchema),
    }),
    response: { 200: answerSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages/:pageId/audience', { schema, onRequest }, ({ params, query }) => {
    const calendar = parts.calendar()
    const question = {
      pageId: pageId(params.pageId),
      topic: query.topic,
      liveFrom: liveFrom(calendar),
      soonFrom: grantedBefore(query.expiresBefore, calendar),
    }
    return parts.served.ask(({ queries }) => queries.audience(question))
  })
}
