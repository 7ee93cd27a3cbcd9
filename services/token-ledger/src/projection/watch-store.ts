import { setTimeout as delay } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'
import type { Offsets, Store } from '../ports.ts'
import { LEDGER_TOPICS } from '../ports.ts'
import type { Telemetry } from '../telemetry.ts'

export interface StoreWatch {
  /** Why the service is not ready, in words for people; empty = it is. */
  notReady(): readonly string[]
  close(): void
}

export interface Watching {
  readonly store: Store
  /** Where the log ended when the process started: from there on it has caught up once. */
  readonly ends: Offsets
  readonly tell: Telemetry
  /** Ends the process: the store was emptied or replaced. */
  readonly fail: (error: Error) => void
}

/** An emptied database is noticed within this time, whether or not anything is folded. */
const LOOK_MS = 1_000
/** Until it has caught up, that is looked for more often: somebody waits for the start. */
const LOOK_EARLY_MS = 100

/** Looks at the store for as long as the process lives. */
export function watchStore(watching: Watching): StoreWatch {
  const behind = remaining(watching.ends)
  const state = { isReachable: true, isCaughtUp: false, isClosed: false, behind }
  void watch(watching, state)
  return {
    notReady: () => [
      ...(state.isReachable ? [] : ['MongoDB does not answer']),
      ...(state.isCaughtUp ? [] : [`${state.behind} records of the log are not folded yet`]),
    ],
    close: () => {
      state.isClosed = true
    },
  }
}

interface WatchState {
  isReachable: boolean
  isCaughtUp: boolean
  behind: bigint
  isClosed: boolean
}

async function watch(watching: Watching, state: WatchState): Promise<void> {
  const startedAt = performance.now()
  while (!state.isClosed) {
    const wasCaughtUp = state.isCaughtUp
    await look(watching, state)
    if (state.isCaughtUp && !wasCaughtUp) watching.tell.caughtUp(performance.now() - startedAt)
    await delay(state.isCaughtUp ? LOOK_MS : LOOK_EARLY_MS)
  }
}

async function look({ store, ends, tell, fail }: Watching, state: WatchState): Promise<void> {
  try {
    await store.verify()
    if (!state.isCaughtUp) {
      const { cursors } = await store.now()
      state.behind = remaining(ends, await cursors.readAll())
      if (state.behind === 0n) await store.goLive()
      state.isCaughtUp = state.behind === 0n
    }
    state.isReachable = true
  } catch (error) {
    if (state.isClosed) return
    if (isAppError(error) && error.retryable) {
      if (state.isReachable) tell.engineAwaited('mongodb', error)
      state.isReachable = false
      return
    }
    state.isClosed = true
    fail(error instanceof Error ? error : new Error(String(error)))
  }
}

function remaining(ends: Offsets, next?: Offsets): bigint {
  let records = 0n
  for (const topic of LEDGER_TOPICS) {
    for (const [partition, end] of ends[topic].entries()) {
      const at = next?.[topic][partition] ?? 0n
      if (at < end) records += end - at
    }
  }
  return records
}
