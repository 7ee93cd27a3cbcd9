import { createHmac } from 'node:crypto'

/** A tap on Notify Me, as the platform tells of it. */
export interface Tap {
  readonly pageId: string
  readonly psid: string
  readonly payload: string
  /** The raw one-time token. */
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly timestampMs: number
}

/** The body of the webhook, in the ASCII spelling in which the platform writes and signs it. */
export function webhookBody({ pageId, psid, payload, token, timestampMs }: Tap): Buffer {
  const optin = { type: 'one_time_notif_req', payload, one_time_notif_token: token }
  const messaging = [
    { sender: { id: psid }, recipient: { id: pageId }, timestamp: timestampMs, optin },
  ]
  const entry = [{ id: pageId, time: timestampMs, messaging }]
  return Buffer.from(escaped(JSON.stringify({ object: 'page', entry })), 'ascii')
}

/** `X-Hub-Signature-256` of a body. */
export function signatureOf(body: Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`
}

const SPECIAL: Readonly<Record<string, string>> = {
  '/': '\\/',
  '<': '\\u003C',
  '@': '\\u0040',
  '%': '\\u0025',
}

/** @see the Messenger Platform's page on webhooks, "escaped unicode version of the payload" */
function escaped(json: string): string {
  return json.replace(/[/<@%\u0080-\uffff]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return SPECIAL[character] ?? `\\u${code}`
  })
}
