/**
 * Latency under arrivals that do not wait for answers: each call is due at an instant that was
 * drawn beforehand, and its latency counts from that instant, so that a pause is felt by everyone
 * who would have come meanwhile.
 */
import { createHistogram, performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { generator } from './random.ts'
import type { Sample } from './sample.ts'

export interface Arrivals {
  /** Mean rate; the gaps are exponential, as those of independent people are. */
  readonly perSecond: number
  readonly count: number
  readonly seed: number
}

/** Time in ms that may be another one in tests. */
export interface Timing {
  nowMs(): number
  sleepUntil(ms: number): Promise<void>
}

/** Of an HDR histogram of three figures. */
export type Latency = Required<Pick<Sample, 'p50Us' | 'p99Us' | 'p999Us' | 'aboveOneSecond'>>

const MICROSECONDS_MAX = 600_000_000
const ONE_SECOND_US = 1_000_000

const machine: Timing = {
  nowMs: () => performance.now(),
  sleepUntil: async (ms) => {
    const leftMs = ms - performance.now()
    if (leftMs > 0) await delay(leftMs)
  },
}

/** Instants from 0 on, ms, in order. */
export function arrivalTimes({ perSecond, count, seed }: Arrivals): readonly number[] {
  const draw = generator(seed)
  let atMs = 0
  return Array.from({ length: count }, () => {
    atMs += (-Math.log(1 - draw()) * 1_000) / perSecond
    return atMs
  })
}

/** Calls at each arrival, whatever the calls before it do. @throws what a call throws */
export async function openLoop(
  arrivals: Arrivals,
  call: (index: number) => Promise<unknown>,
  timing: Timing = machine,
): Promise<Latency> {
  const histogram = createHistogram({ lowest: 1, highest: MICROSECONDS_MAX, figures: 3 })
  const startedMs = timing.nowMs()
  let aboveOneSecond = 0
  const calls: Promise<void>[] = []
  for (const [index, atMs] of arrivalTimes(arrivals).entries()) {
    await timing.sleepUntil(startedMs + atMs)
    const done = async () => {
      await call(index)
      const us = Math.max(1, Math.round((timing.nowMs() - startedMs - atMs) * 1_000))
      if (us > ONE_SECOND_US) aboveOneSecond += 1
      histogram.record(Math.min(us, MICROSECONDS_MAX))
    }
    calls.push(done())
  }
  await Promise.all(calls)
  const at = (percentile: number) => histogram.percentile(percentile)
  return { p50Us: at(50), p99Us: at(99), p999Us: at(99.9), aboveOneSecond }
}
