import { appError, pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { personKey } from '../domain/person-key.ts'
import { personAnswer, personSchema } from '../queries/person-answer.ts'
import { personNamed, personParams } from '../queries/person-params.ts'
import type { QueryParts } from '../queries/query-parts.ts'

/** `GET /v1/pages/:pageId/persons/:person`: window, thread, how they came, what they linked. */
export function getPerson(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'One person of a page',
    tags: ['pages'],
    params: personParams,
    response: { 200: personSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const url = '/v1/pages/:pageId/persons/:person'
  routes.get(url, { schema, onRequest }, async ({ params, apiKey }) => {
    const who = { pageId: pageId(params.pageId), person: personNamed(params, parts) }
    const key = personKey(who)
    const stored = await parts.served.ask(({ model }) => model.persons.load([key], 'newest'))
    const document = stored.get(key)?.document
    if (document === undefined) throw unknownPerson()
    const vault = apiKey?.scopes.includes('personal') ? { vault: parts.vault } : {}
    const { tapOpensWindow } = parts
    return personAnswer(who, document, { tapOpensWindow, ...vault })
  })
}

function unknownPerson(): Error {
  const publicMessage =
    'nobody of this page is known by this id, or nothing of them is folded yet (see /v1/position)'
  return appError('OTN_HTTP_NOT_FOUND', { message: 'unknown person', publicMessage })
}
