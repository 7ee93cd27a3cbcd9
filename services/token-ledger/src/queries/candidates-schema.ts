import { z } from 'zod'
import { PAGE_STANDINGS } from '../domain/page.ts'
import { instantSchema, pageIdSchema, stateSchema, tokenIdSchema, topicSchema } from './answers.ts'

const ITEMS_MAX = 500
const EXTERNAL_USER_ID_MAX = 256

const itemSchema = z
  .strictObject({
    pageId: pageIdSchema,
    psid: z
      .string()
      .regex(/^\d{1,20}$/, 'a PSID is decimal digits')
      .optional(),
    externalUserId: z.string().min(1).max(EXTERNAL_USER_ID_MAX).optional(),
    tokenId: tokenIdSchema.optional(),
    topic: topicSchema.optional(),
  })
  .refine(
    ({ psid, externalUserId, tokenId }) =>
      [psid, externalUserId, tokenId].filter((name) => name !== undefined).length === 1,
    'give exactly one of psid, externalUserId, tokenId',
  )

export const candidatesRequestSchema = z.strictObject({
  items: z.array(itemSchema).min(1).max(ITEMS_MAX),
})

const candidateSchema = z.object({
  tokenId: z.string(),
  topic: z.string().nullable(),
  state: stateSchema,
  expiresAt: instantSchema,
  refusals: z.number().int().describe('Commands that met the bare refusal with it'),
  grantedAt: instantSchema.describe('When the person agreed'),
  eventId: z.string().describe('Of the opt-in; `sealed` is bound to it'),
  keyId: z.string(),
  sealed: z.string().describe('Base64 of the sealed part of the opt-in, as it came'),
})

const answerSchema = z.object({
  asOf: z
    .record(z.string(), z.string())
    .describe('Per Kafka topic the next offset of the partition of this person; empty = asOfAll'),
  asOfAll: z
    .record(z.string(), z.array(z.string()))
    .optional()
    .describe('Where the person is not known: per Kafka topic the next offset of every partition'),
  person: z.string().nullable(),
  windowOpenUntil: instantSchema.nullable(),
  threadOwner: z.string().nullable().describe('App id; null = nobody, or nobody ever said'),
  threadOwnedSince: instantSchema.nullable().describe('Control ends without any webhook'),
  pageStanding: z.enum(PAGE_STANDINGS),
  tokens: z.array(candidateSchema).describe('Live ones first, fewest refusals, earliest expiry'),
})

export const candidatesAnswerSchema = z.object({ items: z.array(answerSchema) })

export type CandidateItem = z.infer<typeof itemSchema>
export type CandidateAnswer = z.infer<typeof answerSchema>
