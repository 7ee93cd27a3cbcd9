import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'

const RETRY_MS = 1_000

export interface Patience {
  readonly startWaitMs: number
  readonly tellWaiting: (error: unknown) => void
}

/**
 * Opens an engine; waits while it cannot be reached, so that a restart in the middle of its outage
 * is over when the outage is. @throws as `open`, at once where waiting cannot help
 */
export async function untilReachable<T>(
  open: () => Promise<T>,
  { startWaitMs, tellWaiting }: Patience,
): Promise<T> {
  const giveUpAt = performance.now() + startWaitMs
  for (;;) {
    try {
      return await open()
    } catch (error) {
      const canWait = isAppError(error) && error.retryable && performance.now() < giveUpAt
      if (!canWait) throw error
      tellWaiting(error)
      await delay(RETRY_MS)
    }
  }
}
