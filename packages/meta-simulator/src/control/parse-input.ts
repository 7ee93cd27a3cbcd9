import { appError } from '@otn/kernel'
import type { z } from 'zod'

/**
 * Reads an input of the control API.
 *
 * @throws OTN_HTTP_INVALID with every field that is wrong and what was wanted
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issues = result.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'body'}: ${message}`,
  )
  const message = issues.join('; ')
  throw appError('OTN_HTTP_INVALID', { message, publicMessage: message })
}
