import { performance } from 'node:perf_hooks'

import { type Dispatcher, errors } from 'undici'

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

/** Bytes of an answer that are read; nobody looks at them. */
const ANSWER_BYTES_MAX = 128 * 1024

/**
 * Sends one signed body. Never throws: no answer is a result like any other. The dispatcher is
 * handed its handler directly, because a stream and a promise for each answer that nobody reads
 * would cost more than writing and signing the body.
 */
export function postWebhook(post: WebhookPost, limits: PostLimits): Promise<PostResult> {
  return new Promise((resolve) => {
    const answer = awaitAnswer(resolve)
    try {
      const request = requestOf(post, limits.answerTimeoutMs)
      limits.dispatcher.dispatch(request, answer)
    } catch (error) {
      answer.onResponseError(null, error)
    }
  })
}

function awaitAnswer(conclude: (result: PostResult) => void) {
  const startedAt = performance.now()
  let status: number | null = null
  let bytes = 0
  const end = (fault: string | null, reason: PostResult['reason']): void => {
    conclude({ status, fault, reason, tookMs: performance.now() - startedAt })
  }
  return {
    onRequestStart: () => {},
    onResponseStart: (_controller: unknown, statusCode: number) => {
      status = statusCode
    },
    onResponseData: (controller: Dispatcher.DispatchController, chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > ANSWER_BYTES_MAX) controller.abort(new Error('the answer is too long'))
    },
    onResponseEnd: () => end(null, null),
    onResponseError: (_controller: unknown, error: unknown) => {
      // Once there is a status, the rest of the answer does not matter.
      if (status !== null) return end(null, null)
      const isLate = LATE.some((late) => error instanceof late)
      const fault = error instanceof Error ? error.message : String(error)
      end(fault, isLate ? 'time-out' : 'connection')
    },
  }
}

function requestOf({ url, body, signatures }: WebhookPost, answerTimeoutMs: number) {
  return {
    ...targetOf(url),
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      accept: '*/*',
      ...signatures,
    },
    body,
    headersTimeout: answerTimeoutMs,
    bodyTimeout: answerTimeoutMs,
  } as const
}

/** That of the last post: there is one callback, and to parse its address costs like signing. */
let last = { url: '', target: { origin: '', path: '' } }

function targetOf(url: string): { readonly origin: string; readonly path: string } {
  if (last.url !== url) {
    const { origin, pathname, search } = new URL(url)
    last = { url, target: { origin, path: `${pathname}${search}` } }
  }
  return last.target
}
