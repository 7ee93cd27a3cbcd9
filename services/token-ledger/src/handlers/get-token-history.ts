import { appError, tokenId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { historyOf } from '../domain/history.ts'
import { instantSchema, tokenIdSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const factSchema = z.object({
  eventId: z.string(),
  type: z.string(),
  at: instantSchema,
  topic: z.string().nullable(),
  reason: z.string().nullable(),
  commandId: z.string().nullable(),
  attempt: z.number().int().nullable(),
  certainty: z.string().nullable(),
  messageId: z.string().nullable(),
  tokenReleased: z.boolean().nullable(),
  graphCode: z.number().int().nullable(),
  graphSubcode: z.number().int().nullable(),
  dueAt: instantSchema.nullable(),
})

const historySchema = z.object({
  tokenId: z.string(),
  items: z.array(factSchema).describe('Oldest first'),
  isComplete: z.boolean().describe('False where so many facts came that older ones were let go'),
})

/** `GET /v1/tokens/:tokenId/history`: the facts that made a token what it is, nothing personal. */
export function getTokenHistory(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'What happened to a token',
    tags: ['tokens'],
    params: z.object({ tokenId: tokenIdSchema }),
    response: { 200: historySchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/tokens/:tokenId/history', { schema, onRequest }, async ({ params }) => {
    const id = tokenId(params.tokenId)
    const stored = await parts.served.ask(({ model }) => model.tokens.load([id], 'newest'))
    const token = stored.get(id)?.document
    const history = token ? historyOf(token) : null
    if (history === null) {
      const publicMessage = 'no token has this id, or its opt-in is not folded yet'
      throw appError('OTN_HTTP_NOT_FOUND', { message: 'unknown token', publicMessage })
    }
    const { facts, isComplete } = history
    return { tokenId: id, items: [...facts], isComplete }
  })
}
