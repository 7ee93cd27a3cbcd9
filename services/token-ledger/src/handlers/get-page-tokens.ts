import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { pageIdSchema } from '../queries/answers.ts'
import { listQuerySchema, listSchema, listTokens } from '../queries/list-tokens.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** `GET /v1/pages/:pageId/tokens`: the list of tokens that Meta does not offer. */
export function getPageTokens(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Tokens of a page',
    tags: ['tokens'],
    params: z.object({ pageId: pageIdSchema }),
    querystring: listQuerySchema,
    response: { 200: listSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages/:pageId/tokens', { schema, onRequest }, ({ params, query, apiKey }) => {
    const vault = apiKey?.scopes.includes('personal') ? { vault: parts.vault } : {}
    return listTokens(parts, { pageId: pageId(params.pageId), query, ...vault })
  })
}
