import { kafkajsInside } from './kafkajs-version.ts'

/** What the repair touches of kafkajs' `network/requestQueue`. */
interface RequestQueue {
  throttleCheckTimeoutId: NodeJS.Timeout | null
  throttledUntil: number
  readonly pending: readonly unknown[]
  checkPendingRequests(): void
}

/** How often a queue whose requests must still wait looks again, ms (as in kafkajs). */
const LOOK_AGAIN_MS = 10

/**
 * Stops an idle connection from waking the process some 900 times a second: kafkajs 2.2.4 asks
 * for a timer in the past after every look at an empty queue (tulios/kafkajs#1751, never merged).
 * A queue is looked at again only while something waits in it or the broker throttles.
 */
export function repairIdleTimer(): void {
  const { prototype } = kafkajsInside('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue & { scheduleCheckPendingRequests: (this: RequestQueue) => void }
  }
  prototype.scheduleCheckPendingRequests = function scheduleOnlyWhenNeeded() {
    if (this.throttleCheckTimeoutId !== null) return
    const throttledMs = this.throttledUntil - Date.now()
    if (this.pending.length === 0 && throttledMs <= 0) return
    const afterMs = throttledMs > 0 ? throttledMs : LOOK_AGAIN_MS
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    }, afterMs)
  }
}
