import type { KafkaRequest } from './kafka-frames.ts'

/**
 * What happens to one request on its way through a proxy.
 * - `pass`: it and its answer go through.
 * - `lose-answer`: the broker gets it and answers; the answer is dropped, then the connection cut.
 * - `swallow-answer`: the same, but the connection stays open and silent about it.
 * - `lose-request`: the broker never sees it and the connection is cut.
 */
export type Fate = 'pass' | 'lose-answer' | 'swallow-answer' | 'lose-request'

/** Decides the fate of every request, in order of arrival. */
export type FateRule = (request: KafkaRequest) => Fate

export interface RequestChoice {
  readonly apiKey: number
  /** 1 for the first request of this kind from now on. */
  readonly nth: number
  /** How many in a row meet it; default 1. */
  readonly count?: number
}

/** A rule that hits chosen requests and lets all others pass. */
export function hit(fate: Fate, { apiKey, nth, count = 1 }: RequestChoice): FateRule {
  let seen = 0
  return (request) => {
    if (request.apiKey !== apiKey) return 'pass'
    seen += 1
    return seen >= nth && seen < nth + count ? fate : 'pass'
  }
}
