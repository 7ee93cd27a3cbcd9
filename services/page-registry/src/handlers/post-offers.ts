import { appError, Secret } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { type ApiParts, userToken } from '../api/api-parts.ts'
import { offerPages } from '../onboarding/offer-pages.ts'

const offerSchema = z.object({
  pageId: z.string(),
  name: z.string(),
  isConnected: z.boolean().describe('Here'),
  isFollowed: z.boolean().nullable().describe('By our app; null = the platform did not say'),
  missingFields: z.array(z.string()).describe('Of our fields, those it is not followed with'),
  otherApps: z.array(z.string()).describe('Other apps that follow it'),
  fault: z.string().nullable().describe('Why it cannot be connected, or was not looked at'),
})

/** `POST /v1/offers`: every page that a login could connect, followed or not. */
export function postOffers(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Pages that a login offers',
    tags: ['pages'],
    body: z.strictObject({ userToken }),
    response: { 200: z.object({ items: z.array(offerSchema) }) },
  }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.post('/v1/offers', { schema, onRequest: parts.mayCall }, async ({ body }) => {
    const offered = await offerPages(new Secret(body.userToken), parts.onboarding())
    if (offered.kind === 'refused') {
      const { meaning, next, reason } = offered.fault
      const publicMessage = `${meaning}. ${next}`
      throw appError('OTN_HTTP_CONFLICT', { message: `set-up refused: ${reason}`, publicMessage })
    }
    const items = offered.offers.map(({ missingFields, otherApps, ...offer }) => {
      return { ...offer, missingFields: [...missingFields], otherApps: [...otherApps] }
    })
    return { items }
  })
}
