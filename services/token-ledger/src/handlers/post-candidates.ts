import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { answerCandidates } from '../queries/answer-candidates.ts'
import { candidatesAnswerSchema, candidatesRequestSchema } from '../queries/candidates-schema.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/**
 * `POST /v1/candidates`: which tokens may carry a message to these people. The answer proposes; the
 * claim in the dispatcher is what makes spending safe.
 */
export function postCandidates(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Tokens that may carry a message to these people',
    tags: ['candidates'],
    body: candidatesRequestSchema,
    response: { 200: candidatesAnswerSchema },
  }
  const onRequest = parts.mayCall('candidates:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/candidates', { schema, onRequest }, async ({ body }) => {
    const question = (served: Parameters<typeof answerCandidates>[1]['served']) =>
      answerCandidates(body.items, { served, parts })
    return { items: await parts.served.ask(question) }
  })
}
