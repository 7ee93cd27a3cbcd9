import { setTimeout as delay } from 'node:timers/promises'

export interface Ticker {
  /** Ends; resolves when the run under way has ended. Never throws. */
  close(): Promise<void>
}

/** Runs something again and again, at once where it says that there is more to do. */
export function startTicker(
  run: () => Promise<'more' | 'done'>,
  { everyMs }: { readonly everyMs: number },
): Ticker {
  const stop = new AbortController()
  const { signal } = stop
  const ended = (async () => {
    while (!signal.aborted) {
      const result = await run()
      if (result === 'done') await delay(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    close: async () => {
      stop.abort()
      await ended
    },
  }
}
