/** The last webhooks that were not answered 200: bounded, nothing personal, no body. */
import type { Cause, WebhookAnswer } from './webhook-answer.ts'

export interface RecentError {
  readonly cause: Cause
  readonly bodySha256: string | null
  /** Pages of a verified body; null where none is known. */
  readonly pages: readonly string[] | null
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** How often the same body failed for the same cause. */
  readonly times: number
}

export interface RecentErrors {
  note(answer: WebhookAnswer & { readonly cause: Cause }): void
  /** Newest first. */
  list(): readonly RecentError[]
}

/** Pages shown of one body; it may name a thousand. */
const PAGES_MAX = 5

/** @param perCauseMax rows of each cause, so that a flood of one hides no row of another */
export function createRecentErrors(perCauseMax: number): RecentErrors {
  const rows = new Map<Cause, Map<string, RecentError>>()
  return {
    note: (answer) => {
      const ofCause = rows.get(answer.cause) ?? new Map<string, RecentError>()
      rows.set(answer.cause, ofCause)
      const key = answer.bodySha256 ?? ''
      const row = after(ofCause.get(key), answer)
      // Put in anew: the order of the map is the order of the last sighting.
      ofCause.delete(key)
      ofCause.set(key, row)
      const [oldest] = ofCause.keys()
      if (ofCause.size > perCauseMax && oldest !== undefined) ofCause.delete(oldest)
    },
    list: () =>
      [...rows.values()]
        .flatMap((ofCause) => [...ofCause.values()])
        .toSorted((a, b) => b.lastAtMs - a.lastAtMs),
  }
}

function after(
  before: RecentError | undefined,
  { cause, bodySha256, pages, atMs }: WebhookAnswer & { readonly cause: Cause },
): RecentError {
  const named = pages.length === 0 ? (before?.pages ?? null) : pages.slice(0, PAGES_MAX)
  return {
    ...{ cause, bodySha256, pages: named },
    firstAtMs: before?.firstAtMs ?? atMs,
    lastAtMs: Math.max(before?.lastAtMs ?? atMs, atMs),
    times: (before?.times ?? 0) + 1,
  }
}
