import { type PersonId, pageId, personId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { PersonSummary } from '../domain/person-summary.ts'
import { liveFrom, stateFilter } from '../domain/token-filter.ts'
import { instantSchema, pageIdSchema, stateSchema, topicSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const LIMIT_MAX = 200
const LIMIT = 50

const querySchema = z.object({
  topic: topicSchema.optional().describe('Only people with a token for this topic'),
  state: stateSchema.optional().describe('Only people with a token in this state'),
  after: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22}$/, 'give `next` of the page before, unchanged')
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
})

const personSchema = z.object({
  person: z.string().describe('Pseudonym on this page'),
  tokens: z.number().int().describe('Tokens that the question is about'),
  live: z.number().int().describe('Those of them that may be spent now'),
  topics: z.array(z.string()).describe('Their topics; of a token that no rule names, none'),
  lastGrantedAt: instantSchema,
})

const answerSchema = z.object({
  items: z.array(personSchema).describe('By pseudonym'),
  next: z.string().nullable().describe('Give it as `after` for the next page; null = no more'),
})

/** `GET /v1/pages/:pageId/persons`: who chose to receive messages; Meta has no such list. */
export function getPagePersons(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'People of a page who gave consent, by topic and state',
    tags: ['pages'],
    params: z.object({ pageId: pageIdSchema }),
    querystring: querySchema,
    response: { 200: answerSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages/:pageId/persons', { schema, onRequest }, async ({ params, query }) => {
    const { topic, state, after, limit } = query
    const calendar = parts.calendar()
    const filter = {
      pageId: pageId(params.pageId),
      ...(topic === undefined ? {} : { topic }),
      ...stateFilter({ state }, calendar),
    }
    const from: { readonly after?: PersonId } =
      after === undefined ? {} : { after: personId(after) }
    const page = { ...from, limit, liveFrom: liveFrom(calendar) }
    const found = await parts.served.ask(({ queries }) => queries.persons(filter, page))
    const next = found.length < limit ? null : (found.at(-1)?.person ?? null)
    return { items: found.map(personAnswer), next }
  })
}

function personAnswer({ topics, ...person }: PersonSummary): z.infer<typeof personSchema> {
  return { ...person, topics: [...topics] }
}
