import { pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { PAGE_STANDINGS, pageStanding, topicRulesOf, unknownPage } from '../domain/page.ts'
import { liveFrom } from '../domain/token-filter.ts'
import { topicSummaries } from '../domain/topic-summary.ts'
import { pageIdSchema, stateSchema } from '../queries/answers.ts'
import type { QueryParts } from '../queries/query-parts.ts'

const topicSchema = z.object({
  topic: z.string().nullable().describe('Null = tokens that no rule names a topic for'),
  isDeclared: z.boolean(),
  title: z.string().nullable(),
  purpose: z.string().nullable(),
  category: z.string().nullable(),
  mayNotify: z
    .array(z.string())
    .nullable()
    .describe('Whose commands may notify on it, by `requestedBy`; null = anyone'),
  tokens: z.number().int().describe('All tokens, whatever their state'),
  live: z.number().int().describe('Tokens that may be spent now'),
  states: z.record(stateSchema, z.number().int()).describe('Tokens in each state'),
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
  rulesVersion: z.number().int().describe('0 = the rules were set one by one, or none were'),
  rules: z.array(ruleSchema).describe('The lowest `priority` is asked first'),
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
    const { version: rulesVersion, rules } = topicRulesOf(page)
    const topics = topicSummaries(page, counts).map(({ mayNotify, ...topic }) => ({
      ...topic,
      mayNotify: mayNotify && [...mayNotify],
    }))
    const standing = pageStanding(page)
    return { pageId: id, standing, topics, rulesVersion, rules: [...rules] }
  })
}
