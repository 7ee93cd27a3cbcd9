import { appError, type Secret } from '@otn/kernel'
import { request } from 'undici'
import type { z } from 'zod'

export interface LedgerAddress {
  readonly url: string
  /** Of a key with the scopes candidates:read and tokens:read. */
  readonly apiKey: Secret
  readonly timeoutMs: number
}

export interface LedgerRequest<T> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Posted as JSON; left out = a GET. */
  readonly body?: object
  readonly schema: z.ZodType<T>
}

/** One request to the token-ledger. @throws OTN_LEDGER_UNAVAILABLE, quoting nothing it was told */
export async function askLedger<T>(
  { url, apiKey, timeoutMs }: LedgerAddress,
  { path, query = {}, body, schema }: LedgerRequest<T>,
): Promise<T> {
  const isPost = body !== undefined
  try {
    const answer = await request(`${url.replace(/\/+$/, '')}/${path}`, {
      query,
      method: isPost ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${apiKey.reveal()}`,
        ...(isPost ? { 'content-type': 'application/json' } : {}),
      },
      ...(isPost ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`)
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    // A parser's message quotes what it read; only our own words go on.
    const said = cause instanceof Error && /^status \d+$/.test(cause.message) ? cause.message : ''
    const message = `the token-ledger gives no usable answer ${said}`.trim()
    throw appError('OTN_LEDGER_UNAVAILABLE', { message, cause: nameOnly(cause) })
  }
}

function nameOnly(cause: unknown): Error {
  const named = cause instanceof Error ? cause.name : typeof cause
  const code = cause instanceof Error && 'code' in cause ? ` ${String(cause.code)}` : ''
  return new Error(`${named}${code}`)
}
