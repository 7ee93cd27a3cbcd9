import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { type ApiParts, knownPage, pageParams, requesterOf, stepsSchema } from '../api/api-parts.ts'
import { disconnectPage } from '../onboarding/leave-page.ts'

const bodySchema = z
  .strictObject({
    isForced: z.boolean().default(false).describe('Also where the platform refuses to unfollow'),
    removesApp: z
      .boolean()
      .default(false)
      .describe("Ends the app's own subscription too, where no other page is connected"),
  })
  .default({ isForced: false, removesApp: false })

/** `POST /v1/pages/:pageId/disconnect`: unfollows a page and says so on the log. */
export function postDisconnect(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Disconnect a page',
    tags: ['pages'],
    params: pageParams,
    body: bodySchema,
    response: { 200: stepsSchema },
  }
  const onRequest = parts.mayCall
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/pages/:pageId/disconnect', { schema, onRequest }, async (request) => {
    const onboarding = parts.onboarding()
    const stored = await knownPage(request.params.pageId, onboarding)
    const wish = { ...request.body, requestedBy: requesterOf(request) }
    const report = await disconnectPage(stored, wish, onboarding)
    parts.tell.stepped(stored.pageId, 'disconnect', report)
    return { pageId: stored.pageId, isGreen: report.isGreen, steps: [...report.steps] }
  })
}
