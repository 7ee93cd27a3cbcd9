import { performance } from 'node:perf_hooks'

import type { Clock } from '@otn/kernel'

/** The one clock of the pretend world. It never goes back. */
export interface SimulatedClock extends Clock {
  /** Counts the jumps; 0 before the first. */
  revision(): number
  readonly running: boolean
  /** Jumps forward, then tells every listener. @param byMs more than 0 */
  advance(byMs: number): void
  /** @returns what removes the listener */
  onAdvance(listener: () => void): () => void
}

export interface SimulatedClockOptions {
  /** Milliseconds since the epoch. */
  readonly startAtMs: number
  /** Whether time passes between jumps. Without, equal calls give byte-equal answers. */
  readonly running: boolean
}

export function createSimulatedClock(options: SimulatedClockOptions): SimulatedClock {
  const listeners = new Set<() => void>()
  // Monotonic, so that a step of the machine's clock moves nothing here.
  const startedAt = performance.now()
  let [jumpedMs, revision] = [0, 0]
  const elapsedMs = (): number => (options.running ? performance.now() - startedAt : 0)
  return {
    running: options.running,
    revision: () => revision,
    nowMs: () => Math.floor(options.startAtMs + jumpedMs + elapsedMs()),
    advance: (byMs) => {
      jumpedMs += byMs
      revision += 1
      for (const listener of [...listeners]) listener()
    },
    onAdvance: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** What a timetable needs of a clock. */
export type TimeSource = Pick<SimulatedClock, 'nowMs' | 'running' | 'onAdvance'>

/** The machine's own time, for waits that no jump may shorten. */
export function machineTime(): TimeSource {
  return { running: true, nowMs: () => performance.now(), onAdvance: () => () => false }
}
