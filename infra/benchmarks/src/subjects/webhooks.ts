/** Webhooks as the platform posts them, signed. */
import { createHmac } from 'node:crypto'
import { PAGES, TOPIC } from '../ground/ground.ts'
import type { Post } from '../measure/post-all.ts'

export interface WebhookWish {
  readonly appSecret: string
  readonly count: number
  /** Opt-ins in each. */
  readonly items: number
  /** How many people came before these; default none. */
  readonly from?: number
}

const HEADERS = {
  'content-type': 'application/json',
  accept: '*/*',
  'user-agent': 'facebookexternalua',
}

/** Each of people and with tokens of its own. */
export function signedWebhooks(wish: WebhookWish): readonly Post[] {
  const { appSecret, count, items, from = 0 } = wish
  const nowMs = Date.now()
  return Array.from({ length: count }, (_, index) => {
    const body = Buffer.from(webhook({ from: from + index * items, items, nowMs }))
    return { body, headers: signed(body, appSecret) }
  })
}

/** The token of the person who came after so many others. */
export function tokenOf(index: number): string {
  return `44${digitsOf(index)}`
}

function digitsOf(index: number): string {
  return String(index).padStart(16, '0')
}

/** A body of so many bytes whose signature nobody made. */
export function forgedWebhook(bytes: number): Post {
  const body = Buffer.alloc(bytes, 'x')
  return { body, headers: signed(body, 'another secret') }
}

function signed(body: Buffer, secret: string): Post['headers'] {
  const mac = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex')
  return {
    ...HEADERS,
    'x-hub-signature-256': `sha256=${mac('sha256')}`,
    'x-hub-signature': `sha1=${mac('sha1')}`,
  }
}

interface Items {
  readonly from: number
  readonly items: number
  readonly nowMs: number
}

function webhook({ from, items, nowMs }: Items): string {
  const [page] = PAGES
  const messaging = Array.from({ length: items }, (_, at) => {
    return {
      sender: { id: `2${digitsOf(from + at)}` },
      recipient: { id: page },
      timestamp: nowMs,
      optin: {
        type: 'one_time_notif_req',
        payload: `otn1:${TOPIC}:`,
        one_time_notif_token: tokenOf(from + at),
      },
    }
  })
  return JSON.stringify({ object: 'page', entry: [{ id: page, time: nowMs, messaging }] })
}
