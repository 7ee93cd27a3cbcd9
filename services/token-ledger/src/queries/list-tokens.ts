/** One page of a list of tokens: the same for a whole page and for one person. */
import { appError, type PageId, type PersonId, tokenId } from '@otn/kernel'
import { z } from 'zod'
import { stateFilter } from '../domain/token-filter.ts'
import type { ListPosition } from '../ports.ts'
import type { PersonalVault } from '../vault-ports.ts'
import { stateSchema, type TokenAnswer, tokenAnswer, tokenSchema, topicSchema } from './answers.ts'
import type { QueryParts } from './query-parts.ts'

const LIMIT_MAX = 200
const LIMIT = 50
/** Instant of granting and token id: where the page before ended. */
const AFTER = /^(\d{1,16})-([0-9a-f]{32})$/
const MILLISECONDS = /^\d{1,16}$/

export const listQuerySchema = z
  .object({
    topic: topicSchema.optional(),
    unmapped: z
      .literal('true')
      .optional()
      .describe('Only tokens that no rule names a topic for, in place of `topic`'),
    state: stateSchema.optional(),
    expiresBefore: z
      .string()
      .refine((text) => instantOf(text) !== null, 'milliseconds since the epoch, or ISO 8601')
      .optional()
      .describe('Only tokens that expire before this instant: ms since the epoch, or ISO 8601'),
    after: z
      .string()
      .regex(AFTER, 'give `next` of the page before, unchanged')
      .optional()
      .describe('`next` of the page before'),
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT),
  })
  .refine(({ topic, unmapped }) => topic === undefined || unmapped === undefined, {
    path: ['unmapped'],
    message: 'give topic or unmapped, not both',
  })

export const listSchema = z.object({
  items: z.array(tokenSchema).describe('Oldest grant first: what expires first comes first'),
  next: z.string().nullable().describe('Give it as `after` for the next page; null = no more'),
})

export interface ListQuestion {
  readonly pageId: PageId
  readonly person?: PersonId
  readonly query: z.infer<typeof listQuerySchema>
  readonly vault?: PersonalVault
}

export async function listTokens(
  { served, calendar: today }: QueryParts,
  { pageId, person, query, vault }: ListQuestion,
): Promise<z.infer<typeof listSchema>> {
  const calendar = today()
  const { state, limit } = query
  const topic = query.unmapped === undefined ? query.topic : null
  const expiresBefore = query.expiresBefore === undefined ? null : instantOf(query.expiresBefore)
  const after = query.after === undefined ? null : positionOf(query.after)
  const filter = {
    pageId,
    ...(person === undefined ? {} : { person }),
    ...(topic === undefined ? {} : { topic }),
    ...stateFilter({ state, ...(expiresBefore === null ? {} : { expiresBefore }) }, calendar),
  }
  const page = { limit, ...(after === null ? {} : { after }) }
  const found = await served.ask(({ queries }) => queries.list(filter, page))
  const answering = { calendar, ...(vault === undefined ? {} : { vault }) }
  const items = found.map((token) => tokenAnswer(token, answering))
  return { items, next: found.length < limit ? null : nextOf(items) }
}

function nextOf(items: readonly TokenAnswer[]): string | null {
  const last = items.at(-1)
  return last === undefined ? null : `${last.grantedAt}-${last.tokenId}`
}

function positionOf(after: string): ListPosition {
  const [, grantedAt, id] = AFTER.exec(after) ?? []
  if (grantedAt !== undefined && id !== undefined) {
    return { grantedAt: Number(grantedAt), tokenId: tokenId(id) }
  }
  throw appError('OTN_HTTP_INVALID', { message: 'after is no position of a list' })
}

function instantOf(text: string): number | null {
  const at = MILLISECONDS.test(text) ? Number(text) : Date.parse(text)
  return Number.isSafeInteger(at) && at >= 0 ? at : null
}
