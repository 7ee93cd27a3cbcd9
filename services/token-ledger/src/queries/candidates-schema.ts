import { isPageScopedUserId } from '@otn/kernel'
import { z } from 'zod'
import { PAGE_STANDINGS } from '../domain/page.ts'
import {
  externalUserIdSchema,
  instantSchema,
  pageIdSchema,
  stateSchema,
  tokenIdSchema,
  topicSchema,
} from './answers.ts'

const ITEMS_MAX = 500

const itemSchema = z
  .strictObject({
    pageId: pageIdSchema,
    psid: z.string().refine(isPageScopedUserId, 'a PSID is 1 to 20 decimal digits').optional(),
    externalUserId: externalUserIdSchema.optional(),
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
    .describe(
      'Where the person is not known, or named by an account that others may link: per Kafka ' +
        'topic the next offset of every partition',
    ),
  person: z.string().nullable(),
  account: z
    .object({
      eventId: z.string().describe('Of the link; `sealed` is bound to it'),
      keyId: z.string(),
      sealed: z.string().describe('Base64 of the sealed part of the link, as it came'),
    })
    .optional()
    .describe('The link that an externalUserId was resolved by'),
  windowOpenUntil: instantSchema.nullable(),
  withdrewAt: instantSchema
    .nullable()
    .describe('When the person last withdrew from the topic or from the page; null = never'),
  threadOwner: z.string().nullable().describe('App id; null = nobody, or nobody ever said'),
  threadOwnedSince: instantSchema.nullable().describe('Control ends without any webhook'),
  pageStanding: z.enum(PAGE_STANDINGS),
  tokens: z.array(candidateSchema).describe('Live ones first, fewest refusals, earliest expiry'),
})

export const candidatesAnswerSchema = z.object({ items: z.array(answerSchema) })

export type CandidateItem = z.infer<typeof itemSchema>
export type CandidateAnswer = z.infer<typeof answerSchema>
