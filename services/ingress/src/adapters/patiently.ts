import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'

const RETRY_MS = 250
const RETRY_MS_MAX = 2_000

/**
 * Tries until it succeeds, as long as waiting can help: a restart in the middle of an outage of
 * Kafka is over when the outage is.
 * @param limitMs after this long a failure stands
 * @throws the last error of `attempt`; at once where it is not retryable
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  { limitMs, onWait }: { readonly limitMs: number; readonly onWait: (error: unknown) => void },
): Promise<T> {
  const giveUpAt = performance.now() + limitMs
  for (let waitMs = RETRY_MS; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
    try {
      return await attempt()
    } catch (error) {
      const canWait = isAppError(error) && error.retryable
      if (!canWait || performance.now() + waitMs > giveUpAt) throw error
      onWait(error)
      await delay(waitMs)
    }
  }
}
