import { setTimeout as delay } from 'node:timers/promises'

export interface Ticker {
  /** Ends; resolves when the run under way has ended. Never throws. */
  close(): Promise<void>
}

/** Runs something again and again, never twice at a time. */
export function startTicker(run: () => Promise<void>, everyMs: number): Ticker {
  const stop = new AbortController()
  const { signal } = stop
  const ended = (async () => {
    while (!signal.aborted) {
      await run()
      await delay(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    close: async () => {
      stop.abort()
      await ended
    },
  }
}
