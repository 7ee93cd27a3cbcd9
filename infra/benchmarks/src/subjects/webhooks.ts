/** Webhooks as the platform posts them, signed. */
import { createHmac } from 'node:crypto'
import { PAGES, TOPIC } from '../ground/ground.ts'
import type { Post } from '../measure/post-all.ts'

export interface WebhookWish {
  readonly appSecret: string
  readonly count: number
  /** Opt-ins in each. */
  readonly items: number
}

const HEADERS = {
  'content-type': 'application/json',
  accept: '*/*',
  'user-agent': 'facebookexternalua',
}

/** Each of people and with tokens of its own. */
export function signedWebhooks({ appSecret, count, items }: WebhookWish): readonly Post[] {
  const nowMs = Date.now()
  return Array.from({ length: count }, (_, index) => {
    const body = Buffer.from(webhook({ from: index * items, items, nowMs }))
    return { body, headers: signed(body, appSecret) }
  })
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
    const digits = String(from + at).padStart(16, '0')
    return {
      sender: { id: `2${digits}` },
      recipient: { id: page },
      timestamp: nowMs,
      optin: {
        type: 'one_time_notif_req',
        payload: `otn1:${TOPIC}:`,
        one_time_notif_token: `44${digits}`,
      },
    }
  })
  return JSON.stringify({ object: 'page', entry: [{ id: page, time: nowMs, messaging }] })
}
