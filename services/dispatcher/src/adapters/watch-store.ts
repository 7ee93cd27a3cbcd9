import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'

/** An emptied database is noticed within this time, whether or not anything is done. */
const LOOK_MS = 1_000

export interface StoreWatch {
  readonly isReachable: boolean
  close(): void
}

/** Looks at the store for as long as the process lives; `fail` is told when it is another one. */
export function watchStore(
  look: () => Promise<void>,
  { fail, away }: { readonly fail: (error: Error) => void; readonly away: (error: Error) => void },
): StoreWatch {
  const state = { isReachable: true, isClosed: false }
  const watch = async () => {
    while (!state.isClosed) {
      await delay(LOOK_MS, undefined, { ref: false })
      if (state.isClosed) return
      try {
        await look()
        state.isReachable = true
      } catch (error) {
        if (!isAppError(error) || !error.retryable) return fail(asError(error))
        if (state.isReachable) away(error)
        state.isReachable = false
      }
    }
  }
  void watch()
  return {
    get isReachable() {
      return state.isReachable
    },
    close: () => {
      state.isClosed = true
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
