const CHECK_MS = 500

/**
 * Calls back once a process above this one disappeared: `npx` does not pass signals on, so a
 * stopped `npx pnpm start` would otherwise leave everything running.
 */
export function whenParentIsGone(onGone: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, CHECK_MS)
  timer.unref()
}
