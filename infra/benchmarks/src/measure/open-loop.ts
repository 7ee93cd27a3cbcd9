/**
 * Latency under arrivals that do not wait for answers: each call is due at an instant that was
 * drawn beforehand, and its latency counts from that instant, so that a pause is felt by everyone
 * who would have come meanwhile.
 */
import { createHistogram, performance } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { generator } from './random.ts'

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

/** Percentiles of an HDR histogram of three figures, ms. */
export interface Latency {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly aboveOneSecond: number
  /** Percentile and value, for pictures. */
  readonly curve: readonly (readonly [percentile: number, ms: number])[]
}

const MICROSECONDS_MAX = 600_000_000
const PERCENTILES = [10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.99, 100] as const
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
  const at = (percentile: number) => histogram.percentile(percentile) / 1_000
  return {
    ...{ count: histogram.count, p50: at(50), p99: at(99), p999: at(99.9), max: at(100) },
    aboveOneSecond,
    curve: PERCENTILES.map((percentile) => [percentile, at(percentile)]),
  }
}
