import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { type ApiParts, connectedPage, pageParams, stepsSchema } from '../api/api-parts.ts'
import { unfollowPage } from '../onboarding/leave-page.ts'

/**
 * `POST /v1/pages/:pageId/unfollow`: the platform tells us no more of the page. It stays connected
 * here, so the watch will raise an alarm and follow it again.
 */
export function postUnfollow(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Unfollow a page',
    tags: ['pages'],
    params: pageParams,
    response: { 200: stepsSchema },
  }
  const onRequest = parts.mayCall
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/pages/:pageId/unfollow', { schema, onRequest }, async ({ params }) => {
    const onboarding = parts.onboarding()
    const stored = await connectedPage(params.pageId, onboarding)
    const report = await unfollowPage(stored, onboarding)
    parts.tell.stepped(stored.pageId, 'unfollow', report)
    return { pageId: stored.pageId, isGreen: report.isGreen, steps: [...report.steps] }
  })
}
