/** Runs something again and again, at most one at a time, and sooner when asked to. */
export interface Ticker {
  /** The next run begins after this long at the latest, ms. */
  wakeIn(ms: number): void
  /** Ends; resolves when the run under way has ended. */
  close(): Promise<void>
}

export function startTicker(
  run: () => Promise<void>,
  { everyMs }: { readonly everyMs: number },
): Ticker {
  let timer: NodeJS.Timeout | undefined
  let dueMs = Number.POSITIVE_INFINITY
  let underWay: Promise<void> | null = null
  let isClosed = false
  const plan = (ms: number): void => {
    const at = performance.now() + Math.max(0, ms)
    if (isClosed || at >= dueMs) return
    clearTimeout(timer)
    dueMs = at
    timer = setTimeout(tick, Math.max(0, ms))
  }
  const tick = (): void => {
    if (underWay !== null) return
    dueMs = Number.POSITIVE_INFINITY
    underWay = run().finally(() => {
      underWay = null
      // What was asked for meanwhile may be overdue.
      const waitMs = Math.min(everyMs, dueMs - performance.now())
      dueMs = Number.POSITIVE_INFINITY
      plan(waitMs)
    })
  }
  plan(everyMs)
  return {
    wakeIn: plan,
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await underWay
    },
  }
}
