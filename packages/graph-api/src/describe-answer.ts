import type { AnswerDetail } from './classification.ts'

/**
 * The redacted answer in one line of at most about 700 characters, for who must judge an answer
 * that the table does not: `HTTP 400, OAuthException, is_transient false: (#987) …`. Code, subcode
 * and trace id stand in fields of their own.
 */
export function describeAnswer({ status, type, isTransient, text }: AnswerDetail): string {
  const transient = isTransient === null ? null : `is_transient ${isTransient}`
  const head = [`HTTP ${status}`, type, transient].filter((part) => part !== null).join(', ')
  return text === null ? head : `${head}: ${text}`
}
