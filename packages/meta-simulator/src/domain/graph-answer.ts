/** Answers of the Graph side, before they become bytes. */
import type { Fault } from './fault.ts'
import type { JsonObject } from './json-object.ts'

export interface GraphAnswer {
  readonly status: number
  readonly body: JsonObject
  readonly headers: Readonly<Record<string, string>>
}

/** An accepted call. */
export function success(body: JsonObject): GraphAnswer {
  return { status: 200, body, headers: {} }
}

/** Meta's error envelope, members in Meta's order. */
export function failure(fault: Fault, traceId: string): GraphAnswer {
  const { status, code, subcode, message, type = 'OAuthException', transient } = fault
  const { userTitle, userMessage, data } = fault
  const error = {
    message,
    type,
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    ...(transient === undefined ? {} : { is_transient: transient }),
    ...(userTitle === undefined ? {} : { error_user_title: userTitle }),
    ...(userMessage === undefined ? {} : { error_user_msg: userMessage }),
    ...(data === undefined ? {} : { error_data: data }),
    fbtrace_id: traceId,
  }
  const complaint = code === 190 || code === 102 ? 'invalid_token' : 'invalid_request'
  const authenticate = `OAuth "Facebook Platform" "${complaint}" "${headerText(message)}"`
  return {
    status,
    body: { error },
    headers: { 'www-authenticate': authenticate, ...traceHeaders(traceId) },
  }
}

/** What support asks for; every answer of the platform carries it. */
export function traceHeaders(traceId: string): Readonly<Record<string, string>> {
  return { 'x-fb-trace-id': traceId, 'x-fb-rev': '1027000000', 'x-fb-debug': `${traceId}==` }
}

/** A header holds printable ASCII only, and no quote inside a quoted string. */
function headerText(message: string): string {
  return message.replace(/[^\u0020-\u007e]|["\\]/g, '')
}
