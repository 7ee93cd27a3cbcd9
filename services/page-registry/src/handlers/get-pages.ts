import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import type { ApiParts } from '../api/api-parts.ts'
import { listedPage, listedPageSchema } from '../api/page-card.ts'

/** `GET /v1/pages`: the pages that are connected; with `all`, also those that were. */
export function getPages(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Pages of this deployment',
    tags: ['pages'],
    querystring: z.object({ all: z.enum(['true', 'false']).default('false') }),
    response: { 200: z.object({ items: z.array(listedPageSchema) }) },
  }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/pages', { schema, onRequest: parts.mayCall }, async ({ query }) => {
    const { pages, watched } = parts.onboarding()
    const stored = await pages.all()
    const shown = stored.filter(
      ({ page }) => query.all === 'true' || page.connection?.value.isConnected === true,
    )
    const items = await Promise.all(
      shown.map(async (one) => listedPage(one, await watched.read(one.pageId))),
    )
    return { items }
  })
}
