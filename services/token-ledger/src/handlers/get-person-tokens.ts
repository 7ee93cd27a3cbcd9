import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { listQuerySchema, listSchema, listTokens } from '../queries/list-tokens.ts'
import { personNamed, personParams } from '../queries/person-params.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** `GET /v1/pages/:pageId/persons/:person/tokens`: what one person agreed to hear about. */
export function getPersonTokens(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Tokens of one person',
    tags: ['tokens'],
    params: personParams,
    querystring: listQuerySchema,
    response: { 200: listSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const url = '/v1/pages/:pageId/persons/:person/tokens'
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get(url, { schema, onRequest }, ({ params, query, apiKey }) => {
    const vault = apiKey?.scopes.includes('personal') ? { vault: parts.vault } : {}
    const person = personNamed(params, parts)
    return listTokens(parts, { pageId: pageId(params.pageId), person, query, ...vault })
  })
}
