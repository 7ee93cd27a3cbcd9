/** Webhooks as Meta signs them, written here anew: a test shares no code with what it tests. */
import { createHmac } from 'node:crypto'
import type { StackFile } from '@otn/stack'
import { Agent, request } from 'undici'

export interface OptIn {
  readonly pageId: string
  readonly psid: string
  readonly token: string
  readonly payload: string
  readonly timestampMs?: number
}

/** One item of `messaging[]`, as meta documents it. */
export function optInItem({
  pageId,
  psid,
  token,
  payload,
  timestampMs = Date.now(),
}: OptIn): object {
  return {
    sender: { id: psid },
    recipient: { id: pageId },
    timestamp: timestampMs,
    optin: { type: 'one_time_notif_req', payload, one_time_notif_token: token },
  }
}

export function envelope(
  entries: readonly { readonly pageId: string; readonly items: readonly unknown[] }[],
): string {
  const entry = entries.map(({ pageId, items }) => ({
    id: pageId,
    time: Date.now(),
    messaging: items,
  }))
  return escaped({ object: 'page', entry })
}

/** JSON as it is on the wire: ASCII, lower-case hex, and the special escapes. */
export function escaped(value: unknown): string {
  const special: Record<string, string> = {
    '<': '\\u003C',
    '@': '\\u0040',
    '%': '\\u0025',
    '/': '\\/',
  }
  return JSON.stringify(value)
    .replace(/[<@%/]/g, (character) => special[character] ?? character)
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

export function sign(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

const dispatcher = new Agent({ connections: 256, bodyTimeout: 30_000, headersTimeout: 30_000 })

export interface Posted {
  /** 0 where the connection was cut or refused. */
  readonly status: number
  readonly durationMs: number
}

/** Posts a body to the ingress; `signature: null` sends none. Never throws. */
export async function post(
  stack: Pick<StackFile, 'ingressUrl' | 'appSecret'>,
  body: string | Buffer,
  signature: string | null = sign(stack.appSecret, body),
): Promise<Posted> {
  const since = performance.now()
  const headers = {
    'content-type': 'application/json',
    ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
  }
  try {
    const answer = await request(`${stack.ingressUrl}/webhook`, {
      method: 'POST',
      headers,
      body,
      dispatcher,
    })
    await answer.body.dump()
    return { status: answer.statusCode, durationMs: performance.now() - since }
  } catch {
    return { status: 0, durationMs: performance.now() - since }
  }
}

export function postOptIn(stack: StackFile, optIn: OptIn): Promise<Posted> {
  return post(stack, envelope([{ pageId: optIn.pageId, items: [optInItem(optIn)] }]))
}
