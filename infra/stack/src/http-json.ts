import { request } from 'undici'

export interface JsonAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** One JSON call on loopback; the answer's body is whatever JSON came. */
export async function callJson(
  url: string,
  options: {
    readonly method?: 'GET' | 'POST' | 'PUT'
    readonly body?: unknown
    readonly key?: string
  } = {},
): Promise<JsonAnswer> {
  const { method = 'GET', body, key } = options
  const { statusCode, body: answer } = await request(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: statusCode, body: text === '' ? {} : JSON.parse(text) }
}
