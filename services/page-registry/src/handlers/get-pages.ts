import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { ApiParts } from '../api/api-parts.ts'
import { listedPage, listedPageSchema } from '../api/page-card.ts'

const LIMIT_MAX = 200
const LIMIT = 50

const querySchema = z.object({
  all: z.enum(['true', 'false']).default('false').describe('Also those connected no more'),
  after: z
    .string()
    .regex(/^\d{1,32}$/, 'give `next` of the page before, unchanged')
    .optional()
    .describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
})

const answerSchema = z.object({
  items: z.array(listedPageSchema).describe('In the order of their ids, read as texts'),
  next: z.string().nullable().describe('Give it as `after` for the next page; null = no more'),
})

/** `GET /v1/pages`: the pages that are connected; with `all`, also those that were. */
export function getPages(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Pages of this deployment',
    tags: ['pages'],
    querystring: querySchema,
    response: { 200: answerSchema },
  }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages', { schema, onRequest: parts.mayCall }, async ({ query }) => {
    const { pages, watched } = parts.onboarding()
    const after = query.after === undefined ? null : pageId(query.after)
    const shown = await pages.list({ after, limit: query.limit, all: query.all === 'true' })
    const items = await Promise.all(
      shown.map(async (one) => listedPage(one, (await watched.read(one.pageId)).state)),
    )
    return { items, next: items.length < query.limit ? null : (items.at(-1)?.pageId ?? null) }
  })
}
