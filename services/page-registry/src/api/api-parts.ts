import { appError, pageId } from '@otn/kernel'
import type { authorize } from '@otn/runtime'
import { z } from 'zod'
import type { Onboarding } from '../onboarding/onboarding.ts'
import type { StoredPage, TellOnboarding } from '../ports.ts'

/** What the routes are made with. */
export interface ApiParts {
  readonly onboarding: () => Onboarding
  readonly mayCall: ReturnType<typeof authorize>
  readonly tell: TellOnboarding
}

export const pageParams = z.object({
  pageId: z.string().regex(/^\d{1,32}$/, 'decimal digits'),
})

/** Never kept, never logged: bodies of requests are in no log line. */
export const userToken = z
  .string()
  .regex(/^[\x21-\x7e]{1,2000}$/, 'one word')
  .describe('Access token of the login; used and forgotten')

export const graphVersion = z
  .string()
  .regex(/^v\d+\.\d+$/, 'a version such as v21.0')
  .nullable()
  .default(null)
  .describe("Graph version for this page; null = the deployment's")

export const stepsSchema = z.object({
  pageId: z.string(),
  isGreen: z.boolean().describe('Whether every step is done'),
  steps: z.array(
    z.object({
      step: z.string(),
      outcome: z.enum(['done', 'failed', 'not-reached']),
      sentence: z.string().describe('What was done, or what hinders it'),
      next: z.string().nullable().describe('What to do now'),
    }),
  ),
})

/** @throws OTN_HTTP_NOT_FOUND where no event ever connected it */
export async function knownPage(
  text: string,
  { pages }: Pick<Onboarding, 'pages'>,
): Promise<StoredPage> {
  const stored = await pages.read(pageId(text))
  if (stored.page.connection !== null) return stored
  const publicMessage = `page ${text} was never connected here; see pnpm otn pages offered`
  throw appError('OTN_HTTP_NOT_FOUND', { message: 'page unknown', publicMessage })
}

/** @throws OTN_HTTP_NOT_FOUND, OTN_HTTP_CONFLICT where it is connected no more */
export async function connectedPage(text: string, parts: Onboarding): Promise<StoredPage> {
  const stored = await knownPage(text, parts)
  if (stored.page.connection?.value.isConnected === true) return stored
  const publicMessage = `page ${text} is not connected; run pnpm otn pages connect ${text}`
  throw appError('OTN_HTTP_CONFLICT', { message: 'page not connected', publicMessage })
}

export function requesterOf(request: { readonly apiKey?: { readonly id: string } }): string {
  return request.apiKey?.id ?? 'page-registry'
}
