/** What the control API takes; the same shapes over HTTP and in the process. */
import { DAY_MS } from '@otn/kernel'
import { z } from 'zod'

import { situations } from '../domain/faults.ts'
import { spentTokenForms } from '../domain/faults-of-tokens.ts'

export const digits = z.string().regex(/^\d{1,64}$/, 'must be a text of 1 to 64 digits')
export const waitMs = z.int().min(0).max(600_000).default(0)
export const httpStatus = z.int().min(200).max(599)

export const peopleSchema = z.strictObject({
  pageId: digits,
  name: z.string().min(1).max(100).optional(),
  psid: digits.optional(),
  /** How many people join; with a psid or a name only one. */
  count: z.int().min(1).max(100_000).default(1),
})

export const askSchema = z.strictObject({
  pageId: digits,
  /** The first who has not seen this title when absent; somebody new when all have. */
  psid: digits.optional(),
  title: z.string().default('Shall we tell you when it is back in stock?'),
  payload: z.string(),
  /** Whether a person whose window is closed writes first, as a person would have to. */
  writesFirst: z.boolean().default(true),
})

export const tapSchema = z.strictObject({
  pageId: digits,
  psid: digits.optional(),
  requestMid: z.string().optional(),
  payload: z.string().optional(),
  token: z.string().min(1).max(4096).optional(),
  timestampMs: z.int().min(0).optional(),
  /** How long to wait for the webhook's 200, real milliseconds; 0 = not at all. */
  waitMs,
})

const variant = z.strictObject({
  status: httpStatus.optional(),
  code: z.int().optional(),
  subcode: z.int().optional(),
  message: z.string().optional(),
  transient: z.boolean().optional(),
  userTitle: z.string().optional(),
  userMessage: z.string().optional(),
  data: z.unknown().optional(),
})

export const switchesSchema = z.strictObject({
  tapOpensWindow: z.boolean().optional(),
  recipientIdOnTokenSend: z.boolean().optional(),
  echo: z.boolean().optional(),
  echoOnTokenSend: z.boolean().optional(),
  appSecretProofRequired: z.boolean().optional(),
  sameTitleRefused: z.boolean().optional(),
  secondTap: z.enum(['nothing', 'new-token', 'same-token']).optional(),
  countIn: z.enum(['utf16-units', 'code-points']).optional(),
  tokenLife: z.enum(['365-days', 'calendar-year']).optional(),
  spentTokenAnswer: z.enum(spentTokenForms).optional(),
  requestsPerPersonADay: z.int().min(1).optional(),
  requestPayloadMax: z.int().min(1).optional(),
  expiredVersions: z.enum(['forwarded', 'refused']).optional(),
  versionHeader: z.boolean().optional(),
  answerType: z.enum(['application/json', 'text/javascript']).optional(),
  followWithoutFields: z.boolean().optional(),
  developmentMode: z.boolean().optional(),
  answers: z
    .record(z.string(), variant)
    .refine((answers) => Object.keys(answers).every((name) => situations.has(name)), {
      error: `names must be of ${[...situations].join(', ')}`,
    })
    .optional(),
})

export const sendSchema = z.strictObject({
  pageId: digits,
  /** Exactly one of the two addresses. */
  token: z.string().min(1).optional(),
  psid: digits.optional(),
  /** Written as it is; the judge looks at it. */
  message: z.record(z.string(), z.unknown()),
  tag: z.string().optional(),
})

/** So far that no date is left to write. */
const ADVANCE_MS_MAX = 36_525 * DAY_MS

export const advanceSchema = z.strictObject({
  advanceMs: z
    .int()
    .min(1, 'must be 1 or more: the clock never goes back; start a new world for an earlier time')
    .max(ADVANCE_MS_MAX, 'must be at most a hundred years'),
})
export const confirmSchema = z.strictObject({ follower: z.string().min(1), revision: z.int() })
export const truthSchema = z.strictObject({
  pageId: digits.optional(),
  psid: digits.optional(),
  token: z.string().optional(),
  /** Where to go on in each list: the `next` of the answer before. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100_000).default(100_000),
})
