import type { How, StartedEngine } from './engine.ts'

/** The part that all started engines share; `end` runs at most once. */
export function started(
  how: How,
  end: () => Promise<void> = () => Promise.resolve(),
): Omit<StartedEngine, 'startupSeconds'> {
  let ending: Promise<void> | null = null
  const stop = (): Promise<void> => {
    ending ??= end()
    return ending
  }
  return { how, stop, [Symbol.asyncDispose]: stop }
}

/** Seconds since an instant of the machine clock, to a tenth. */
export function secondsSince(from: number): number {
  return Math.round((performance.now() - from) / 100) / 10
}
