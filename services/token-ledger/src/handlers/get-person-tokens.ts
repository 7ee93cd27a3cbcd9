import { type PersonId, pageId, pageScopedUserId, personId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { pageIdSchema } from '../queries/answers.ts'
import { listQuerySchema, listSchema, listTokens } from '../queries/list-tokens.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** Decimal digits are a PSID, 22 characters of base64url a pseudonym: no text can be both. */
const PERSON = /^(?:\d{1,20}|[A-Za-z0-9_-]{22})$/
const PSID = /^\d{1,20}$/

const paramsSchema = z.object({
  pageId: pageIdSchema,
  person: z
    .string()
    .regex(PERSON, 'a person is a PSID (digits) or a pseudonym (22 characters)')
    .describe('PSID or pseudonym; a PSID is neither stored nor logged'),
})

/** `GET /v1/pages/:pageId/persons/:person/tokens`: what one person agreed to hear about. */
export function getPersonTokens(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Tokens of one person',
    tags: ['tokens'],
    params: paramsSchema,
    querystring: listQuerySchema,
    response: { 200: listSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const url = '/v1/pages/:pageId/persons/:person/tokens'
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get(url, { schema, onRequest }, ({ params, query, apiKey }) => {
    const vault = apiKey?.scopes.includes('personal') ? { vault: parts.vault } : {}
    const person = personOf(params, parts)
    return listTokens(parts, { pageId: pageId(params.pageId), person, query, ...vault })
  })
}

function personOf(params: z.infer<typeof paramsSchema>, { identity }: QueryParts): PersonId {
  if (!PSID.test(params.person)) return personId(params.person)
  return identity.person(pageId(params.pageId), pageScopedUserId(params.person))
}
