/** Calls to the Graph side as any caller would make them. */
import type { Simulator } from '../src/index.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `code` or `code/subcode` of an error, `ok` for a success. */
  readonly code: string
}

export interface SendInput {
  readonly token: string
  readonly text?: string
  readonly pageIndex?: number
}

/** Sends a text with a one-time token. */
export function sendWithToken(simulator: Simulator, input: SendInput): Promise<Answer> {
  const { token, text = 'It is back.', pageIndex = 0 } = input
  const body = { recipient: { one_time_notif_token: token }, message: { text } }
  return post(simulator, { body: JSON.stringify(body), pageIndex })
}

export interface PostInput {
  readonly body: string
  readonly pageIndex?: number
  readonly contentType?: string
}

export async function post(simulator: Simulator, input: PostInput): Promise<Answer> {
  const { body, pageIndex = 0, contentType = 'application/json' } = input
  const answer = await fetch(`${simulator.graphUrl}/v21.0/me/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${simulator.pages[pageIndex]?.accessToken}`,
      'content-type': contentType,
    },
    body,
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, code: codeOf(text) }
}

function codeOf(text: string): string {
  const match = /"code":(\d+)(?:,"error_subcode":(\d+))?/.exec(text)
  if (match === null) return 'ok'
  return match[2] === undefined ? `${match[1]}` : `${match[1]}/${match[2]}`
}
