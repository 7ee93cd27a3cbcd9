import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { PAGE_STANDINGS, pageStanding, unknownPage } from '../domain/page.ts'
import { liveFrom } from '../domain/token-filter.ts'
import { topicSummaries } from '../domain/topic-summary.ts'
import { pageIdSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const topicSchema = z.object({
  topic: z.string().nullable().describe('Null = tokens that no rule names a topic for'),
  isDeclared: z.boolean(),
  title: z.string().nullable(),
  purpose: z.string().nullable(),
  category: z.string().nullable(),
  tokens: z.number().int().describe('All tokens, whatever their state'),
  live: z.number().int().describe('Tokens that may be spent now'),
})

const ruleSchema = z.object({
  ruleId: z.string(),
  ruleKind: z.string(),
  pattern: z.string().nullable(),
  topic: z.string().nullable(),
  priority: z.number().int().nullable(),
})

const answerSchema = z.object({
  pageId: z.string(),
  standing: z.enum(PAGE_STANDINGS),
  topics: z.array(topicSchema),
  rules: z.array(ruleSchema),
})

/** `GET /v1/pages/:pageId/topics`: what people of a page agreed to hear about, with counts. */
export function getPageTopics(app: HttpServer, parts: QueryParts): void {
  const schema = {
    summary: 'Topics of a page',
    tags: ['pages'],
    params: z.object({ pageId: pageIdSchema }),
    response: { 200: answerSchema },
  }
  const onRequest = parts.mayCall('tokens:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages/:pageId/topics', { schema, onRequest }, async ({ params }) => {
    const id = pageId(params.pageId)
    const [stored, counts] = await parts.served.ask(({ model, queries }) =>
      Promise.all([
        model.pages.load([id], 'newest'),
        queries.countByTopic(id, liveFrom(parts.calendar())),
      ]),
    )
    const page = stored.get(id)?.document ?? unknownPage
    const rules = page.rules.map(({ name, latest }) => ({ ruleId: name, ...latest.value }))
    const topics = [...topicSummaries(page, counts)]
    return { pageId: id, standing: pageStanding(page), topics, rules }
  })
}
