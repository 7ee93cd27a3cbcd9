import { DAY_MS, SECOND_MS } from '@otn/kernel'
import type { AnswerHeaders } from './observation.ts'
import type { Usage } from './usage.ts'

export interface ThrottleHeaders {
  readonly headers: AnswerHeaders
  readonly usage: readonly Usage[]
  readonly scope: Usage['scope']
}

/**
 * How long a throttled bucket should rest by what the headers say, the longest of them, at most a
 * day; null where they say nothing. A date in `Retry-After` counts from the answer's own `Date`, so
 * no clock is needed.
 * @see RFC 9110, section 10.2.3
 */
export function waitMs({ headers, usage, scope }: ThrottleHeaders): number | null {
  const regain = usage.filter((bucket) => bucket.scope === scope).map(({ regainMs }) => regainMs)
  const told = [...regain, retryAfterMs(headers)].filter((wait) => wait > 0)
  return told.length === 0 ? null : Math.min(Math.max(...told), DAY_MS)
}

function retryAfterMs(headers: AnswerHeaders): number {
  const text = headers['retry-after']?.[0]?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * SECOND_MS
  const wait = Date.parse(text) - Date.parse(headers.date?.[0] ?? '')
  return Number.isFinite(wait) ? wait : 0
}
