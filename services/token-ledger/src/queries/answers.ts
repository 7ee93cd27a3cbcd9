/** What the query API says of tokens: schemas, and how they are filled. */
import { isTopic } from '@otn/kernel'
import { z } from 'zod'
import { type Calendar, expiresAt, stateAt, TOKEN_STATES } from '../domain/expiry.ts'
import type { ListedToken } from '../ports.ts'
import type { PersonalVault } from '../vault-ports.ts'

const DIGITS = /^\d{1,32}$/

export const instantSchema = z.number().int().describe('Milliseconds since the epoch, UTC')
export const tokenIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/, 'a token id is 32 hex digits, lower case')
  .describe('Keyed digest of the one-time token; the token itself is in no answer')
export const pageIdSchema = z
  .string()
  .regex(DIGITS, 'a page id is decimal digits')
  .describe('Page, as the platform names it')
export const topicSchema = z
  .string()
  .refine(isTopic, 'a topic is 1 to 64 characters of [a-z0-9._-]')
  .describe('Subject the person agreed to hear about')
const EXTERNAL_USER_ID_MAX = 256
export const externalUserIdSchema = z
  .string()
  .min(1)
  .max(EXTERNAL_USER_ID_MAX)
  .describe("User account of the page's own site, as its account link named it")
export const stateSchema = z.enum(TOKEN_STATES).describe('As of now, by the clock and the log')

export const tokenSchema = z.object({
  tokenId: tokenIdSchema,
  pageId: z.string(),
  person: z.string().describe('Pseudonym of the person on this page'),
  topic: z.string().nullable().describe('Null where no rule names it'),
  state: stateSchema,
  grantedAt: instantSchema,
  expiresAt: instantSchema,
  payload: z.string().nullable().optional().describe('For keys with the scope personal only'),
})

export type TokenAnswer = z.infer<typeof tokenSchema>

export interface TokenAnswering {
  readonly calendar: Calendar
  /** Given for keys with the scope `personal` alone. */
  readonly vault?: PersonalVault
}

/** @throws OTN_VAULT_KEY_UNKNOWN, OTN_VAULT_SEAL_BROKEN where the payload is asked for */
export function tokenAnswer(
  { tokenId, view, consent }: ListedToken,
  { calendar, vault }: TokenAnswering,
): TokenAnswer {
  const { pageId, person, topic, grantedAt } = view
  return {
    tokenId,
    pageId,
    person,
    topic,
    state: stateAt(view, calendar),
    grantedAt,
    expiresAt: expiresAt(grantedAt, calendar),
    ...(vault === undefined ? {} : vault.openConsent(consent, tokenId)),
  }
}
