/** Stands before the Graph side and sees each call as it arrives there, byte by byte. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { request as call } from 'undici'
import { type Listening, listening } from './listening.ts'

/** A call, and whether the simulator took it. */
export interface SeenCall {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly body: string
  /** What the simulator's own answer says; null = it took the message. */
  readonly refusal: string | null
}

export interface WireTap extends Listening {
  /** What came since it was asked last. */
  take(): readonly SeenCall[]
}

export async function startWireTap(graphUrl: string): Promise<WireTap> {
  const seen: SeenCall[] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    const body = await text(request)
    const { authorization = '', 'content-type': type = '' } = request.headers
    const answer = await call(`${graphUrl}${url}`, {
      ...{ method: method as 'POST', body },
      headers: { authorization, 'content-type': type },
    })
    const said = await answer.body.text()
    seen.push({ method, path: url.split('?')[0] ?? '', body, refusal: refusalOf(said) })
    response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(said)
  })
  return { ...(await listening(server)), take: () => seen.splice(0) }
}

/** `code/subcode: text` of an error of the platform. */
export function refusalOf(answer: string | null): string | null {
  const { error } = JSON.parse(answer ?? '{"error":{}}')
  if (error === undefined) return null
  return `${error.code}/${error.error_subcode ?? '-'}: ${error.message}`
}
