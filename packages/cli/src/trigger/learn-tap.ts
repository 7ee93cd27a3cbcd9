import type { Tap } from './webhook-body.ts'

const TIMEOUT_MS = 10_000

export interface StandIn {
  /** Control address of the stand-in for Meta. */
  readonly url: string
  readonly fetch: typeof fetch
}

/**
 * Lets the stand-in for Meta know that this tap happened. It then sends the same webhook itself,
 * which adds nothing: the opt-in has the same id.
 * @returns false where it does not know the page, the token is another person's, or it is away
 */
export async function learnTap(tap: Tap, { url, fetch }: StandIn): Promise<boolean> {
  const target = new URL('_sim/tap', url.endsWith('/') ? url : `${url}/`)
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(tap),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
