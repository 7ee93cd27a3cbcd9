import { appError } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { type ApiParts, knownPage, pageParams, requesterOf } from '../api/api-parts.ts'
import { CAPABILITY_WISHES, decideCapability } from '../domain/capability.ts'
import type { StoredPage } from '../ports.ts'

const bodySchema = z.strictObject({
  state: z.enum(CAPABILITY_WISHES),
  occurredAt: z
    .number()
    .int()
    .min(0)
    .max(8.64e15)
    .nullable()
    .default(null)
    .describe('When it happened at the platform, ms; null = now'),
  detail: z
    .string()
    .regex(/^[^\p{Cc}\p{Cf}]{1,500}$/u, 'one line of at most 500 characters')
    .nullable()
    .default(null)
    .describe('Why, in one line; needed for denied and revoked'),
})

/**
 * `PUT /v1/pages/:pageId/capabilities/:capability`: a person says what the platform decided. A
 * grant without accepted terms is refused.
 */
export function putCapability(app: HttpServer, parts: ApiParts): void {
  const schema = {
    summary: 'Tell what became of a capability',
    tags: ['pages'],
    params: pageParams.extend({ capability: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/) }),
    body: bodySchema,
    response: { 200: z.object({ pageId: z.string(), eventId: z.string().nullable() }) },
  }
  const route = { schema, onRequest: parts.mayCall }
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.put('/v1/pages/:pageId/capabilities/:capability', route, async (request) => {
    const { pages, identity, clock, log, untilFolded } = parts.onboarding()
    const { pageId, page } = await knownPage(request.params.pageId, { pages })
    const { capability } = request.params
    const change = { ...request.body, pageId, capability, requestedBy: requesterOf(request) }
    const known = page.capabilities
    const decision = decideCapability(change, { known, identity, nowMs: clock.nowMs() })
    switch (decision.kind) {
      case 'unchanged':
        return { pageId, eventId: null }
      case 'refused': {
        const publicMessage = `${decision.sentence} Next: ${decision.next}`
        throw appError('OTN_HTTP_CONFLICT', { message: 'capability refused', publicMessage })
      }
      case 'publish': {
        const { eventId } = decision.event
        await log.publishPage(decision.event)
        await untilFolded(pageId, (stored) => isTold(stored, eventId))
        return { pageId, eventId }
      }
    }
  })
}

function isTold({ page }: StoredPage, eventId: string): boolean {
  return page.capabilities.some(({ entries }) => entries.some((one) => one.eventId === eventId))
}
