import { request } from 'undici'

export interface ApiAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** One call of a service's API. Never throws: status 0 where nobody answers. */
export async function callApi(
  url: string,
  apiKey: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<ApiAnswer> {
  try {
    const headers = { authorization: `Bearer ${apiKey}` }
    const answer = await request(url, { method, headers, headersTimeout: 10_000 })
    const text = await answer.body.text()
    return { status: answer.statusCode, body: text.startsWith('{') ? JSON.parse(text) : {} }
  } catch {
    return { status: 0, body: {} }
  }
}
