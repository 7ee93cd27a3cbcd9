import { performance } from 'node:perf_hooks'

import { type Dispatcher, errors, request } from 'undici'

import type { SignatureHeaders } from './sign.ts'

/** How Meta's sender names itself. */
export const USER_AGENT = 'facebookexternalua'

/** Limits of the client itself: a signal of its own for each post costs more than signing it. */
const LATE = [
  errors.HeadersTimeoutError,
  errors.BodyTimeoutError,
  errors.ConnectTimeoutError,
] as const

export interface WebhookPost {
  readonly url: string
  readonly body: Buffer
  readonly signatures: Partial<SignatureHeaders> | null
}

export interface PostLimits {
  readonly dispatcher: Dispatcher
  readonly answerTimeoutMs: number
}

/** What came back: a status, or no answer and why. */
export interface PostResult {
  readonly status: number | null
  readonly fault: string | null
  /** Why nothing came back; null when a status did. */
  readonly reason: 'time-out' | 'connection' | null
  /** Real milliseconds from the first byte out to the answer. */
  readonly tookMs: number
}

/** Sends one signed body. Never throws: no answer is a result like any other. */
export async function postWebhook(post: WebhookPost, limits: PostLimits): Promise<PostResult> {
  const startedAt = performance.now()
  const tookMs = () => performance.now() - startedAt
  try {
    const answer = await request(post.url, {
      method: 'POST',
      dispatcher: limits.dispatcher,
      headers: {
        'content-type': 'application/json',
        'user-agent': USER_AGENT,
        accept: '*/*',
        ...post.signatures,
      },
      body: post.body,
      headersTimeout: limits.answerTimeoutMs,
      bodyTimeout: limits.answerTimeoutMs,
    })
    await answer.body.dump()
    return { status: answer.statusCode, fault: null, reason: null, tookMs: tookMs() }
  } catch (error) {
    const isLate = LATE.some((late) => error instanceof late)
    const fault = error instanceof Error ? error.message : String(error)
    return { status: null, fault, reason: isLate ? 'time-out' : 'connection', tookMs: tookMs() }
  }
}
