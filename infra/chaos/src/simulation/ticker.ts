import { type Actor, Killed } from './actor.ts'
import type { Universe } from './universe.ts'

export interface Ticker {
  wakeIn(ms: number): void
  begin(run: () => Promise<void>): void
}

/** Runs something again and again on virtual time, at most one at a time. */
export function createTicker({ wire }: Universe, actor: Actor, everyMs: number): Ticker {
  const state: { run: (() => Promise<void>) | null; isBusy: boolean; isAskedFor: boolean } = {
    run: null,
    isBusy: false,
    isAskedFor: false,
  }
  const look = async () => {
    if (state.run === null) return
    if (state.isBusy) {
      state.isAskedFor = true
      return
    }
    state.isBusy = true
    await state.run()
    state.isBusy = false
    if (!state.isAskedFor) return
    state.isAskedFor = false
    await look()
  }
  const after = (ms: number, work: () => Promise<void>) => {
    void wire.sleep(actor, Math.max(1, ms)).then(work).catch(onlyKilled)
  }
  const tick = async () => {
    after(everyMs, tick)
    await look()
  }
  return {
    wakeIn: (ms) => after(ms, look),
    begin: (run) => {
      state.run = run
      after(1, tick)
    },
  }
}

export function onlyKilled(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}
