/** Whom a campaign reaches, as the token-ledger lists them: pseudonyms and ids of tokens only. */
import { kafkaTopics, type TopicAlias } from '@otn/contracts'
import { appError, personId, type Secret, tokenId } from '@otn/kernel'
import { request } from 'undici'
import { z } from 'zod'
import type { Audience } from '../campaign-ports.ts'

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

export interface AudienceOptions {
  readonly url: string
  /** Of a key with the scope tokens:read. */
  readonly apiKey: Secret
  readonly timeoutMs: number
  readonly topicPrefix: string
  readonly readEnds: (topic: (typeof GRANTING)[number]) => Promise<readonly bigint[]>
}

export function createAudience(options: AudienceOptions): Audience {
  const { topicPrefix, readEnds } = options
  return {
    page: ({ pageId, topic, after, limit }) => {
      const query = { topic, state: 'live', limit: String(limit), ...(after ? { after } : {}) }
      return get(options, { path: `v1/pages/${pageId}/tokens`, query, schema: listSchema })
    },
    needs: () => Promise.all(GRANTING.map(readEnds)),
    hasRead: async (needs) => {
      const { topics } = await get(options, { path: 'v1/position', schema: positionSchema })
      return GRANTING.every((topic, index) => {
        const read = topics[`${topicPrefix}${kafkaTopics[topic].name}`] ?? []
        return (needs[index] ?? []).every((end, partition) => (read[partition] ?? 0n) >= end)
      })
    },
    size: ({ pageId, topic, expiresBefore }) => {
      const query = { topic, expiresBefore: String(expiresBefore) }
      return get(options, { path: `v1/pages/${pageId}/audience`, query, schema: sizeSchema })
    },
  }
}

interface Get<T> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly schema: z.ZodType<T>
}

/** @throws OTN_LEDGER_UNAVAILABLE */
async function get<T>(
  { url, apiKey, timeoutMs }: AudienceOptions,
  { path, query = {}, schema }: Get<T>,
): Promise<T> {
  try {
    const { statusCode, body } = await request(`${url.replace(/\/+$/, '')}/${path}`, {
      query,
      headers: { authorization: `Bearer ${apiKey.reveal()}` },
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`status ${statusCode}`)
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    // A parser's message quotes what it read; only our own words go on.
    const said = cause instanceof Error && /^status \d+$/.test(cause.message) ? cause.message : ''
    const message = `the token-ledger gives no usable answer ${said}`.trim()
    throw appError('OTN_LEDGER_UNAVAILABLE', { message })
  }
}
