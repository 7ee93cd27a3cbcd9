import { setTimeout as delay } from 'node:timers/promises'

export interface WaitOptions {
  readonly timeoutMs: number
  /** What is waited for, as the end of "waited in vain for …". */
  readonly describe: string
  /** Default 50. */
  readonly intervalMs?: number
}

/**
 * Waits for a fact: asks until the answer is neither undefined, null nor false, and returns it.
 * A throw counts as "not yet"; the last one becomes the cause of the failure.
 * @throws a plain Error when the time is over.
 */
export async function waitFor<T>(
  fact: () => Promise<T> | T,
  { timeoutMs, describe, intervalMs = 50 }: WaitOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      const answer = await fact()
      if (isThere(answer)) return answer
    } catch (error) {
      if (error instanceof GiveUp) throw error.cause
      cause = error
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${describe}`, { cause })
    }
    await delay(intervalMs)
  }
}

/** Thrown inside a fact: the fact can never come true, so waiting ends at once with its cause. */
export class GiveUp extends Error {
  constructor(cause: unknown) {
    super('waiting is pointless', { cause })
  }
}

function isThere<T>(answer: T): answer is Exclude<T, undefined | null | false> {
  return answer !== undefined && answer !== null && answer !== false
}
