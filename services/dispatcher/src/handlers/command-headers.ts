import { z } from 'zod'

/** Refused, not repaired: bytes beyond ASCII reach us as other characters than the caller meant. */
const WANTED = 'ASCII characters alone: a header carries no others unchanged'

/** The id of a command that comes by HTTP. */
export const commandHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]*$/, WANTED)
    .describe('The commandId'),
})
