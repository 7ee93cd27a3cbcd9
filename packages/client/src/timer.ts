/** A wait that can be called off; then it never ends. */
export interface Timer {
  readonly elapsed: Promise<void>
  stop(): void
}

/** @param ms real milliseconds */
export function startTimer(ms: number): Timer {
  const { promise, resolve } = Promise.withResolvers<void>()
  const handle = setTimeout(resolve, ms)
  return { elapsed: promise, stop: () => clearTimeout(handle) }
}
