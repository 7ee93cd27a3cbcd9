import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { type ApiParts, connectedPage, pageParams, stepsSchema } from '../api/api-parts.ts'
import { restorePage } from '../onboarding/restore-page.ts'

const bodySchema = z
  .strictObject({
    beside: z
      .array(z.string().regex(/^\d{1,32}$/))
      .max(20)
      .default([]),
  })
  .default({ beside: [] })

/** `POST /v1/pages/:pageId/follow`: subscribes webhook and page again, with the token we have. */
export function postFollow(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Subscribe webhook and page again',
    tags: ['pages'],
    params: pageParams,
    body: bodySchema,
    response: { 200: stepsSchema },
  }
  const onRequest = parts.mayCall
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/pages/:pageId/follow', { schema, onRequest }, async ({ params, body }) => {
    const onboarding = parts.onboarding()
    const stored = await connectedPage(params.pageId, onboarding)
    const report = await restorePage(stored, body, onboarding)
    parts.tell.stepped(stored.pageId, 'follow', report)
    return { pageId: stored.pageId, isGreen: report.isGreen, steps: [...report.steps] }
  })
}
