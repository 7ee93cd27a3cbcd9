/**
 * What ledger and dispatcher know, asked over their HTTP APIs with a key that stays on this side:
 * the browser gets the answers and never the key.
 */
import { type Dispatcher, request } from 'undici'
import { z } from 'zod'

export interface KnowledgeOptions {
  readonly ledgerUrl: string
  readonly dispatcherUrl: string
  /** A key with the scopes `tokens:read` and `notifications:read`. */
  readonly apiKey: string
}

/** The part of the ledger's answer that the page shows. Other members may come and go. */
const tokenSchema = z.object({
  tokenId: z.string(),
  topic: z.string().nullable(),
  state: z.string(),
  grantedAt: z.number(),
  expiresAt: z.number(),
})

const factSchema = z.object({
  type: z.string(),
  at: z.number(),
  commandId: z.string().nullable(),
  certainty: z.string().nullable(),
  reason: z.string().nullable(),
})

const attemptSchema = z.object({
  number: z.number(),
  ending: z.string(),
  reason: z.string().nullable(),
  graphCode: z.number().nullable(),
})

const commandSchema = z.object({
  commandId: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  certainty: z.string().nullable(),
  dueAt: z.number().nullable(),
  attempts: z.array(attemptSchema),
})

export type LedgerToken = z.infer<typeof tokenSchema>
export type LedgerFact = z.infer<typeof factSchema>
export type DispatcherCommand = z.infer<typeof commandSchema>

export interface KnowledgeSource {
  /** @throws Error in words for people when the ledger does not answer as documented */
  tokens(pageId: string, psid: string): Promise<readonly LedgerToken[]>
  facts(tokenId: string): Promise<readonly LedgerFact[]>
  /** Null for a command that the dispatcher has not read yet. */
  command(pageId: string, commandId: string): Promise<DispatcherCommand | null>
}

const ANSWER_MS = 2_000

export function createKnowledgeSource(
  { ledgerUrl, dispatcherUrl, apiKey }: KnowledgeOptions,
  dispatcher: Dispatcher,
): KnowledgeSource {
  const get = async <T>(url: string, schema: z.ZodType<T>): Promise<T | null> => {
    const headers = { authorization: `Bearer ${apiKey}` }
    const signal = AbortSignal.timeout(ANSWER_MS)
    const { statusCode, body } = await request(url, { headers, signal, dispatcher })
    const text = await body.text()
    if (statusCode === 404) return null
    if (statusCode !== 200) throw new Error(`${new URL(url).host} answered ${statusCode}`)
    return schema.parse(JSON.parse(text))
  }
  const part = encodeURIComponent
  return {
    tokens: async (pageId, psid) => {
      const url = `${ledgerUrl}/v1/pages/${part(pageId)}/persons/${part(psid)}/tokens`
      const answer = await get(url, z.object({ items: z.array(tokenSchema) }))
      return answer?.items ?? []
    },
    facts: async (tokenId) => {
      const url = `${ledgerUrl}/v1/tokens/${part(tokenId)}/history`
      const answer = await get(url, z.object({ items: z.array(factSchema) }))
      return answer?.items ?? []
    },
    command: (pageId, commandId) => {
      const url = `${dispatcherUrl}/v1/pages/${part(pageId)}/notifications/${part(commandId)}`
      return get(url, commandSchema)
    },
  }
}
