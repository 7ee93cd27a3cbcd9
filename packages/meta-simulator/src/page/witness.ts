/**
 * What the page for people shows of the past: the newest facts, webhooks and calls. It only looks
 * on; whatever it forgets or keeps, the pretend world stays the same.
 */
import type { IncomingHttpHeaders } from 'node:http'
import type { Fact } from '../domain/facts.ts'
import type { PostResult, WebhookPost } from '../webhooks/post-webhook.ts'
import { type KeptBody, keepBody, keepText } from './kept-body.ts'

/** A webhook as it left, and what the callback answered. */
export interface SeenPost {
  readonly id: string
  /** The simulator's clock. */
  readonly atMs: number
  readonly url: string
  readonly signatures: WebhookPost['signatures']
  readonly body: KeptBody
  /** Null while the answer is awaited. */
  result: PostResult | null
}

/** What a caller of the Graph side got; `cut` is a connection that ended without an answer. */
export type SeenAnswer =
  | { readonly kind: 'whole'; readonly status: number; readonly body: string }
  | { readonly kind: 'cut' }

/** A call of the Graph side as it came. */
export interface SeenCall {
  readonly id: string
  readonly atMs: number
  readonly method: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: KeptBody
  /** Null while the caller waits. */
  answer: SeenAnswer | null
  /** Real milliseconds until the answer. */
  tookMs: number
}

/** A call as it came, before it is kept. */
export interface ArrivedCall extends Pick<SeenCall, 'method' | 'url' | 'headers'> {
  readonly body: string
}

export interface Witness {
  readonly facts: () => readonly Fact[]
  readonly posts: () => readonly SeenPost[]
  readonly calls: () => readonly SeenCall[]
  sawFact(fact: Fact): void
  sawPost(post: WebhookPost, atMs: number): SeenPost
  sawCall(call: ArrivedCall, atMs: number): SeenCall
}

/** Enough for a long afternoon by hand; a load test shows its end only. */
const FACTS_MAX = 20_000
const WIRE_MAX = 500

/** A witness who has seen nothing yet. */
export function createWitness(): Witness {
  const facts = newest<Fact>(FACTS_MAX)
  const posts = newest<SeenPost>(WIRE_MAX)
  const calls = newest<SeenCall>(WIRE_MAX)
  return {
    facts: facts.all,
    posts: posts.all,
    calls: calls.all,
    sawFact: (fact) => void facts.add(() => fact),
    sawPost: ({ url, signatures, body }, atMs) =>
      posts.add((count) => ({
        ...{ id: `w${count}`, atMs, url, signatures },
        body: keepBody(body),
        result: null,
      })),
    sawCall: ({ method, url, headers, body }, atMs) =>
      calls.add((count) => ({
        ...{ id: `c${count}`, atMs, method, url, headers },
        body: keepText(body),
        answer: null,
        tookMs: 0,
      })),
  }
}

function newest<T>(max: number) {
  let items: T[] = []
  let count = 0
  return {
    all: (): readonly T[] => items.slice(-max),
    add: (make: (count: number) => T): T => {
      count += 1
      const item = make(count)
      items.push(item)
      // Halved, not shifted, so that a full list costs nothing per item.
      if (items.length > 2 * max) items = items.slice(-max)
      return item
    },
  }
}
