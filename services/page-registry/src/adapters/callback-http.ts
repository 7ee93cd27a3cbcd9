import { createHmac, randomInt } from 'node:crypto'
import type { PageId, Secret } from '@otn/kernel'
import { request } from 'undici'
import type { Callback, CallbackAnswer } from '../ports.ts'

/** The platform's own patience is longer: an address as slow as this will be given up. */
const TIMEOUT_MS = 5_000
/** An answer longer than this is no echo of a challenge. */
const ANSWER_BYTES_MAX = 512
const CHALLENGE_MAX = 2 ** 40

/** Calls the callback address as the platform does. */
export function createCallback(options: {
  readonly url: string
  readonly verifyToken: Secret
  /** The newest one: it signs. */
  readonly appSecret: Secret
}): Callback {
  const { url, verifyToken, appSecret } = options
  return {
    url,
    verifyToken,
    shakeHands: () => {
      const challenge = String(randomInt(CHALLENGE_MAX))
      const target = new URL(url)
      target.searchParams.set('hub.mode', 'subscribe')
      target.searchParams.set('hub.challenge', challenge)
      target.searchParams.set('hub.verify_token', verifyToken.reveal())
      return answerOf(target, {}, challenge)
    },
    postTestEvent: (page) => {
      const body = testEvent(page)
      const digest = createHmac('sha256', appSecret.reveal()).update(body).digest('hex')
      const headers = {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${digest}`,
      }
      return answerOf(new URL(url), { method: 'POST', headers, body }, null)
    },
  }
}

/** An entry without an item: it is verified and answered, and no fact comes of it. */
function testEvent(page: PageId): Buffer {
  const entry = [{ id: page, time: 0, messaging: [] }]
  return Buffer.from(JSON.stringify({ object: 'page', entry }), 'utf8')
}

interface Call {
  readonly method?: 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

async function answerOf(url: URL, call: Call, echo: string | null): Promise<CallbackAnswer> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const { statusCode, body } = await request(url, { ...call, signal })
    const text = await firstBytes(body)
    return { kind: 'answered', status: statusCode, echoes: text === echo }
  } catch (error) {
    return { kind: 'unreachable', cause: causeOf(error) }
  }
}

async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    parts.push(part)
    length += part.length
    if (length > ANSWER_BYTES_MAX) break
  }
  return Buffer.concat(parts).toString('utf8')
}

/** A code such as ECONNREFUSED; the message would name the address with the verify token in it. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
