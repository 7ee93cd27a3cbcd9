/** How often the watch wants to wake up. */
const PERIOD_MS = 20

/** How many processes a limit passes through, each of which the machine may have kept waiting. */
const PROCESSES = 4

export interface PauseWatch extends Disposable {
  /**
   * What a limit of so many ms is on this machine, since the watch began: the limit and, for each
   * process on the way, the longest time for which the machine kept a process from running.
   */
  stretched(limitMs: number): number
}

/** Begins to measure how long the machine keeps this process from running when it wants to. */
export function watchPauses(): PauseWatch {
  let dueMs = performance.now() + PERIOD_MS
  let worstMs = 0
  const look = () => {
    worstMs = Math.max(worstMs, performance.now() - dueMs)
    dueMs = performance.now() + PERIOD_MS
  }
  const timer = setInterval(look, PERIOD_MS)
  return {
    stretched: (limitMs) => {
      worstMs = Math.max(worstMs, performance.now() - dueMs)
      return limitMs + PROCESSES * worstMs
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
