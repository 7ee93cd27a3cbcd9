/** What the control API takes about the Graph side: credentials, pages, threads, limits. */
import { z } from 'zod'
import { permissions, tokenTroubles } from '../domain/access-token.ts'
import { addressForms, pageStandings } from '../domain/graph-state.ts'
import { digits } from './requests.ts'

export const issueTokenSchema = z.strictObject({
  kind: z.enum(['page', 'user']),
  /** Needed for a page token. */
  pageId: digits.optional(),
  /** What a user token lists; every page when absent. */
  pageIds: z.array(digits).optional(),
  scopes: z.array(z.enum(permissions)).default([...permissions]),
  /** Until it expires, on the simulator's clock; never when absent. */
  lifeMs: z.int().min(1).optional(),
})

export const changeTokenSchema = z.strictObject({
  accessToken: z.string().min(1),
  /** Null makes it sound again. */
  trouble: z.enum(tokenTroubles).nullable(),
})

export const standingSchema = z.strictObject({
  pageId: digits,
  standing: z.enum(pageStandings),
})

export const otherFollowersSchema = z.strictObject({
  pageId: digits,
  /** All of them: an empty list leaves the page to our app. */
  appIds: z.array(digits),
})

export const ownerSchema = z.strictObject({
  pageId: digits,
  psid: digits,
  /** Null gives the thread back to nobody. */
  appId: digits.nullable(),
  /** Until control ends by itself; never when absent. */
  lifeMs: z.int().min(1).optional(),
})

export const addressSchema = z.strictObject({
  pageId: digits,
  psid: digits,
  form: z.enum(addressForms),
  value: z.string().min(1).max(4096),
})

export const limitsSchema = z
  .strictObject({
    textCallsPerSecond: z.int().min(1).optional(),
    mediaCallsPerSecond: z.int().min(1).optional(),
    engagedUsers: z.number().positive().optional(),
    dailyUsers: z.number().positive().optional(),
    userCallsPerHour: z.int().min(1).optional(),
    threadCallsPerMinute: z.int().min(1).nullable().optional(),
    headersFromPercent: z.int().min(0).optional(),
    time: z.enum(['simulator', 'machine']).optional(),
  })
  .nullable()

export const deletionSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** The person as the app knows them. */
  userId: digits,
})
