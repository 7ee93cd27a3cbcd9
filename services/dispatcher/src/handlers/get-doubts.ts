import { appError, pageId } from '@otn/kernel'
import type { HttpServer, ZodTypeProvider } from '@otn/runtime'
import { z } from 'zod'
import { doubtOf } from '../domain/doubt.ts'
import type { DoubtPlace, Doubts, StoredDoubt } from '../doubt-ports.ts'
import type { InTime, MayCall } from '../inbox-ports.ts'

const LIMIT_MAX = 500
const LIMIT = 100
/**
 * Where the answer before ended: since when, and the id of the document. Page and command are 161
 * characters at most, of at most three bytes each, in base64url.
 */
const AFTER = /^(\d{1,16})?-([\w-]{1,644})$/
/** What a date can hold, ms. */
const INSTANT_MAX = 8.64e15

const instant = z.number().int().describe('Ms since the epoch')

const doubtSchema = z.object({
  pageId: z.string(),
  commandId: z.string(),
  attempt: z.number().int().describe('The last attempt that may have sent'),
  since: instant,
  tokenId: z.string().nullable().describe('Held until the doubt is settled'),
  topic: z.string().nullable(),
  reason: z.string().nullable(),
  graphCode: z.number().int().nullable(),
  graphSubcode: z.number().int().nullable(),
  fbtraceId: z.string().nullable().describe('For the platform’s support'),
  detail: z.string().nullable().describe('What the platform answered, redacted'),
  settles: z
    .array(z.enum(['echo', 'probe', 'person']))
    .describe('What may still settle it: an echo or a person always, a probe while one may follow'),
  probeAt: instant.nullable().describe('No probe before this instant; null = none follows'),
})

const querySchema = z.object({
  page: z
    .string()
    .regex(/^\d{1,32}$/, 'a page id')
    .optional()
    .describe('Only of this page'),
  after: z
    .string()
    .regex(AFTER, 'give `next` of the answer before, unchanged')
    .optional()
    .describe('`next` of the answer before'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
})

const answerSchema = z.object({
  items: z.array(doubtSchema).describe('Oldest first'),
  next: z.string().nullable().describe('Give it as `after` for the next ones; null = no more'),
})

export interface GetDoubtsParts {
  readonly doubts: Doubts
  readonly mayCall: MayCall
  readonly inTime: InTime
}

/** `GET /v1/doubts`: commands of which nobody knows whether their message is out. */
export function getDoubts(app: HttpServer, { doubts, mayCall, inTime }: GetDoubtsParts): void {
  const schema = {
    summary: 'Verdicts in doubt',
    tags: ['doubts'],
    querystring: querySchema,
    response: { 200: answerSchema },
  }
  const onRequest = mayCall('notifications:read')
  const routes = app.withTypeProvider<ZodTypeProvider>()
  routes.get('/v1/doubts', { schema, onRequest }, async ({ query }) => {
    const { page, after, limit } = query
    const asked = {
      page: page === undefined ? null : pageId(page),
      after: after === undefined ? null : placeOf(after),
      limit,
    }
    const found = await inTime(() => doubts.list(asked))
    const last = found.length < limit ? undefined : found.at(-1)
    return { items: found.flatMap(itemOf), next: last === undefined ? null : cursorOf(last.place) }
  })
}

function itemOf({ document, leaseUntil }: StoredDoubt): z.infer<typeof doubtSchema>[] {
  const doubt = doubtOf(document.command)
  // It was in doubt when it was found, by the very same rule.
  if (doubt === null) return []
  const { isProbing } = document
  const settles = ['echo' as const, ...(isProbing ? ['probe' as const] : []), 'person' as const]
  return [{ ...doubt, settles, probeAt: isProbing ? leaseUntil : null }]
}

function cursorOf({ since, id }: DoubtPlace): string {
  return `${since ?? ''}-${Buffer.from(id, 'utf8').toString('base64url')}`
}

function placeOf(cursor: string): DoubtPlace {
  const [, since, id] = AFTER.exec(cursor) ?? []
  if (id === undefined || Number(since ?? 0) > INSTANT_MAX) {
    throw appError('OTN_HTTP_INVALID', { message: 'after is no place in a list' })
  }
  const text = Buffer.from(id, 'base64url').toString('utf8')
  return { since: since === undefined ? null : Number(since), id: text }
}
