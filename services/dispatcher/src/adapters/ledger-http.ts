import { kafkaTopics } from '@otn/contracts'
import { type PersonId, personId, tokenId } from '@otn/kernel'
import { z } from 'zod'
import type { LedgerAnswer } from '../domain/choose-token.ts'
import { DECIDING_TOPICS, type DecidingTopic, type Offsets } from '../domain/freshness.ts'
import type { Ledger, LedgerQuestion } from '../ledger-ports.ts'
import { askLedger, type LedgerAddress } from './ask-ledger.ts'
import { coalesce } from './coalesce.ts'

/** The most that the ledger answers at once. */
const ITEMS_MAX = 500
const CALLS_MAX = 4

const offset = z.string().regex(/^\d+$/).transform(BigInt)
const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'))
const answerSchema = z.object({
  items: z.array(
    z.object({
      asOf: z.record(z.string(), offset),
      asOfAll: z.record(z.string(), z.array(offset)).optional(),
      person: z.string().nullable(),
      windowOpenUntil: z.number().nullable(),
      // A ledger of an older build says nothing of the thread, or not since when.
      threadOwner: z.string().nullable().default(null),
      threadOwnedSince: z.number().nullable().default(null),
      // A ledger of an older build does not say.
      withdrewAt: z.number().nullable().default(null),
      account: z
        .object({
          eventId: z.string(),
          keyId: z.string(),
          sealed: bytes,
        })
        .optional(),
      tokens: z.array(
        z.object({
          tokenId: z.string().transform(tokenId),
          topic: z.string().nullable(),
          state: z.string(),
          expiresAt: z.number(),
          refusals: z.number(),
          // A ledger of an older build does not say.
          grantedAt: z.number().nullable().default(null),
          eventId: z.string(),
          keyId: z.string(),
          sealed: bytes,
        }),
      ),
    }),
  ),
})

type Item = z.infer<typeof answerSchema>['items'][number]

export interface LedgerOptions extends LedgerAddress {
  readonly topicPrefix: string
  readonly partitionOf: (topic: DecidingTopic, person: PersonId) => number
}

/** The ledger's candidates, asked for many commands at once. */
export function createLedger(options: LedgerOptions): Ledger {
  const limits = { sizeMax: ITEMS_MAX, callsMax: CALLS_MAX }
  const ask = coalesce<LedgerQuestion, LedgerAnswer>(async (questions) => {
    const items = await post(questions, options)
    return items.map((item) => answerOf(item, options))
  }, limits)
  return { ask }
}

async function post(
  questions: readonly LedgerQuestion[],
  options: LedgerOptions,
): Promise<readonly Item[]> {
  const items = questions.map(({ pageId, psid, tokenId: token, externalUserId, topic }) => ({
    pageId,
    ...(psid === null ? {} : { psid }),
    ...(token === null ? {} : { tokenId: token }),
    ...(externalUserId ? { externalUserId } : {}),
    ...(topic === null ? {} : { topic }),
  }))
  const schema = answerSchema.refine((answer) => answer.items.length === items.length)
  const asked = { path: 'v1/candidates', body: { items }, schema }
  return (await askLedger(options, asked)).items
}

function answerOf(
  { asOf, asOfAll, person: name, threadOwner, threadOwnedSince, ...said }: Item,
  { topicPrefix, partitionOf }: LedgerOptions,
): LedgerAnswer {
  const { windowOpenUntil, withdrewAt, tokens, account } = said
  const person = name === null ? null : personId(name)
  const thread = threadOwner === null ? null : { appId: threadOwner, since: threadOwnedSince ?? 0 }
  const offsets = (topic: DecidingTopic): ReadonlyMap<number, bigint> => {
    const kafkaName = `${topicPrefix}${kafkaTopics[topic].name}`
    const own = asOf[kafkaName]
    if (person !== null && own !== undefined) return new Map([[partitionOf(topic, person), own]])
    return new Map((asOfAll?.[kafkaName] ?? []).entries())
  }
  return { asOf: perTopic(offsets), person, windowOpenUntil, withdrewAt, thread, tokens, account }
}

export function perTopic(of: (topic: DecidingTopic) => ReadonlyMap<number, bigint>): Offsets {
  const [optIn, engagement, notification, optInRequestEvent, token] = DECIDING_TOPICS
  return {
    optIn: of(optIn),
    engagement: of(engagement),
    notification: of(notification),
    optInRequestEvent: of(optInRequestEvent),
    token: of(token),
  }
}
