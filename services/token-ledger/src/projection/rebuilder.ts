import type { RebuildReport } from '../ports.ts'
import { type Rebuilding, type StartedRebuild, startRebuild } from './rebuild.ts'

/** Rebuilds of this process; MongoDB sees to it that only one runs among all processes. */
export interface Rebuilder {
  /** @returns null while another rebuild runs */
  start(): Promise<RebuildReport | null>
  /** Gives up a running rebuild and waits until it has cleaned up. Never throws. */
  close(): Promise<void>
}

export function createRebuilder(rebuilding: Rebuilding): Rebuilder {
  let running: StartedRebuild | null = null
  return {
    start: async () => {
      const started = await startRebuild(rebuilding)
      if (started !== null) running = started
      return started?.report ?? null
    },
    close: async () => {
      running?.stop()
      await running?.ended
    },
  }
}
