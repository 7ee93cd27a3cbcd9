/** What the control API takes about webhooks. */
import { z } from 'zod'

import { digits } from './requests.ts'

const share = z.number().min(0).max(1).optional()

export const webhookSchema = z.strictObject({ callbackUrl: z.url({ protocol: /^https?$/ }) })

/** Every page when absent. */
export const subscribeSchema = z.strictObject({ pageId: digits.optional() })

export const batchSchema = z.strictObject({
  /** Written as they are: broken items and unknown kinds are welcome. */
  entry: z.array(z.unknown()),
  object: z.string().default('page'),
  signature: z.enum(['valid', 'wrong', 'former-secret', 'none']).default('valid'),
})

export const webhookWeatherSchema = z.strictObject({
  eventsPerPostMax: z.int().min(1).max(1_000).optional(),
  gatherMs: z.int().min(0).max(86_400_000).optional(),
  sizesVary: z.boolean().optional(),
  rebatchOnRetry: z.boolean().optional(),
  duplicateShare: share,
  duplicatesMax: z.int().min(1).max(20).optional(),
  disorderShare: share,
  lateShare: share,
  lateMs: z.int().min(1).max(86_400_000).optional(),
  secondsShare: share,
  numericIdShare: share,
  unknownMemberShare: share,
  missingSenderShare: share,
  policyHyphenShare: share,
  foreignRecipientShare: share,
  standbyShare: share,
  standbyOptIns: z.boolean().optional(),
  signature: z.enum(['valid', 'wrong', 'former-secret', 'none']).optional(),
  wrongSignatureShare: share,
  signatureHeaders: z.enum(['both', 'sha256', 'sha1']).optional(),
  receivedBy: z.enum(['only-200', 'any-2xx', 'any-2xx-or-3xx']).optional(),
})
