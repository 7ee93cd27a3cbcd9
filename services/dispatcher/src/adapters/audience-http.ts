/** Whom a campaign reaches, as the token-ledger lists them: pseudonyms and ids of tokens only. */
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { personId, tokenId } from '@otn/kernel'
import { z } from 'zod'
import type { Audience } from '../campaign-ports.ts'
import { askLedger, type LedgerAddress } from './ask-ledger.ts'

/** What grants tokens, and what names their topics. */
const GRANTING = ['optIn', 'token'] as const satisfies readonly TopicAlias[]

const listSchema = z.object({
  items: z.array(
    z.object({
      tokenId: z.string().transform(tokenId),
      person: z.string().transform(personId),
      grantedAt: z.number(),
    }),
  ),
  next: z.string().nullable(),
})
const positionSchema = z.object({
  topics: z.record(z.string(), z.array(z.string().regex(/^\d+$/).transform(BigInt))),
})
const sizeSchema = z.object({
  persons: z.number().int(),
  tokens: z.number().int(),
  expiring: z.number().int(),
})

export interface AudienceOptions extends LedgerAddress {
  readonly topicPrefix: string
  readonly readEnds: (topic: (typeof GRANTING)[number]) => Promise<readonly bigint[]>
}

export function createAudience(options: AudienceOptions): Audience {
  const { topicPrefix, readEnds } = options
  return {
    page: ({ pageId, topic, after, limit }) => {
      const query = { topic, state: 'live', limit: String(limit), ...(after ? { after } : {}) }
      return askLedger(options, { path: `v1/pages/${pageId}/tokens`, query, schema: listSchema })
    },
    needs: () => Promise.all(GRANTING.map(readEnds)),
    hasRead: async (needs) => {
      const { topics } = await askLedger(options, { path: 'v1/position', schema: positionSchema })
      return GRANTING.every((topic, index) => {
        const read = topics[`${topicPrefix}${kafkaTopics[topic].name}`] ?? []
        return (needs[index] ?? []).every((end, partition) => (read[partition] ?? 0n) >= end)
      })
    },
    size: ({ pageId, topic, expiresBefore }) => {
      const query = { topic, expiresBefore: String(expiresBefore) }
      return askLedger(options, { path: `v1/pages/${pageId}/audience`, query, schema: sizeSchema })
    },
  }
}
