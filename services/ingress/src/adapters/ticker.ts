/** Runs something again and again until closed; it keeps no process alive. */
export function startTicker(run: () => void, everyMs: number): { readonly close: () => void } {
  const timer = setInterval(run, everyMs).unref()
  return { close: () => clearInterval(timer) }
}
