import { z } from 'zod'

/** What one rule of the policy says of a command. */
export const verdictSchema = z.object({
  rule: z.string(),
  source: z.object({ id: z.string(), sentence: z.string() }),
  kind: z
    .enum(['pass', 'unasked', 'flag', 'refuse'])
    .describe('unasked: what it looks at is not known, or nobody came as far'),
  reason: z.string().nullable(),
  text: z.string().nullable(),
  next: z.string().nullable(),
})

/** The call that a dry run says would be made. */
export const plannedCallSchema = z
  .object({
    method: z.string(),
    path: z.string(),
    body: z
      .string()
      .describe('Byte by byte as it would go out, but for [token], [psid] and [metadata]'),
  })
  .nullable()
  .describe('The call of the Send API that would be made first; null = none now')
