import { type AppError, type ErrorCode, errorCodes, isAppError } from '@otn/kernel'
import { z } from 'zod'

/** RFC 9457 problem document; `type` leads to the heading of the code in docs/errors.md. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly retryable: boolean
  /** What is wrong with which field of the request. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
}

/** A problem document in the OpenAPI document of a route whose problem callers must act upon. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  retryable: z.boolean(),
})

const STATUS: Partial<Record<ErrorCode, number>> = {
  OTN_HTTP_INVALID: 400,
  OTN_HTTP_UNAUTHENTICATED: 401,
  OTN_WEBHOOK_SIGNATURE: 401,
  OTN_HTTP_FORBIDDEN: 403,
  OTN_HTTP_NOT_FOUND: 404,
  OTN_HTTP_CONFLICT: 409,
  OTN_HTTP_BODY_TOO_LARGE: 413,
}

/** HTTP status of an error: its own, 503 where a retry can help, else 500. */
export function statusOf(error: AppError): number {
  return STATUS[error.code] ?? (error.retryable ? 503 : 500)
}

export function problemOf(error: unknown): Problem {
  if (!isAppError(error)) return problem('OTN_INTERNAL', { status: 500 })
  const errors = error.details.errors as Problem['errors']
  const detail = error.publicMessage
  return problem(error.code, { status: statusOf(error), detail, ...(errors ? { errors } : {}) })
}

export function problem(
  code: ErrorCode,
  { status, detail, errors }: Partial<Problem> & { readonly status: number },
): Problem {
  const { title, retryable } = errorCodes[code]
  const type = `https://otn.invalid/errors#${code.toLowerCase()}`
  const base = { type, title, status, detail: detail ?? title, code, retryable }
  return errors ? { ...base, errors } : base
}
