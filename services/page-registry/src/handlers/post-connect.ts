import { pageId, Secret } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import {
  type ApiParts,
  graphVersion,
  pageParams,
  requesterOf,
  stepsSchema,
  userToken,
} from '../api/api-parts.ts'
import { connectPage } from '../onboarding/connect-page.ts'

const bodySchema = z.strictObject({
  userToken,
  graphVersion,
  isTestUser: z
    .boolean()
    .default(false)
    .describe('The login is that of a test user, or of a person with a role in the app'),
  beside: z
    .array(z.string().regex(/^\d{1,32}$/))
    .max(20)
    .default([])
    .describe('Other apps that may follow the page as well'),
})

/**
 * `POST /v1/pages/:pageId/connect`: from a login to a page that is connected. A page that is
 * connected gets its new token this way, and goes on without a pause.
 */
export function postConnect(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Connect a page, or give it a new token',
    tags: ['pages'],
    params: pageParams,
    body: bodySchema,
    response: { 200: stepsSchema },
  }
  const onRequest = parts.mayCall
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/pages/:pageId/connect', { schema, onRequest }, async (request) => {
    const { userToken: login, ...wish } = request.body
    const id = pageId(request.params.pageId)
    const about = { pageId: id, userToken: new Secret(login), requestedBy: requesterOf(request) }
    const report = await connectPage({ ...wish, ...about }, parts.onboarding())
    parts.tell.stepped(id, 'connect', report)
    return { pageId: id, isGreen: report.isGreen, steps: [...report.steps] }
  })
}
