/** What the calls of set-up are answered, as far as we read it: other members may come and go. */
import { z } from 'zod'

/** The answer shows the flag as a text in places. */
export const success = z.object({ success: z.union([z.literal(true), z.literal('true')]) })
const token = z.string().min(1).max(4_096)
const name = z.string().max(1_000)
const graphId = z.string().regex(/^\d{1,32}$/)

export const longLived = z.object({
  access_token: token,
  expires_in: z.int().nonnegative().nullish(),
})
/** How a list goes on: by cursor, and only where an address of the next answer stands beside it. */
const paging = z
  .object({
    cursors: z
      .object({ after: z.string().max(4_096) })
      .partial()
      .nullish(),
    next: z.string().nullish(),
  })
  .nullish()

export const accounts = z.object({
  data: z.array(
    z.object({
      id: graphId,
      name,
      access_token: token.nullish(),
      tasks: z.array(name).nullish(),
    }),
  ),
  paging,
})
export const debugged = z.object({
  data: z.object({
    is_valid: z.boolean(),
    type: name.nullish(),
    app_id: graphId.nullish(),
    profile_id: graphId.nullish(),
    scopes: z.array(name).nullish(),
    expires_at: z.int().nonnegative().nullish(),
  }),
})
export const followers = z.object({
  data: z.array(z.object({ id: graphId, subscribed_fields: z.array(name).nullish() })),
  paging,
})
/** Older versions name a field by a text alone. */
const field = z.union([name, z.object({ name })])
export const subscriptions = z.object({
  data: z.array(
    z.object({
      object: name,
      callback_url: z.string().max(4_096),
      active: z.boolean(),
      fields: z.array(field),
    }),
  ),
})
