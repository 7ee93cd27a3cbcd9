import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { type ApiParts, knownPage, pageParams } from '../api/api-parts.ts'
import { cardSchema, pageCard } from '../api/page-card.ts'

/** `GET /v1/pages/:pageId`: app, permissions, dates and standing of a page. */
export function getPage(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'The card of a page',
    tags: ['pages'],
    params: pageParams,
    response: { 200: cardSchema },
  }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages/:pageId', { schema, onRequest: parts.mayCall }, async ({ params }) => {
    const onboarding = parts.onboarding()
    const stored = await knownPage(params.pageId, onboarding)
    const { state } = await onboarding.watched.read(stored.pageId)
    return pageCard(stored, state)
  })
}
