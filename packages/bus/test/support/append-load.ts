import { setTimeout as sleep } from 'node:timers/promises'
import { isAppError } from '@otn/kernel'
import type { Appender, Position } from '../../src/index.ts'
import type { LogEntry } from './plain-kafka.ts'

/** One record that was appended, and how that ended. */
export interface Appended {
  readonly value: string
  readonly partition: number
  readonly tookMs: number
  /** Where it stands; undefined when the append failed. */
  readonly position: Position | undefined
  /** `OTN_…`; undefined when it was acknowledged. */
  readonly code: string | undefined
}

export interface LoadOptions {
  readonly appender: Appender
  /** Distinguishes the values of several loads. */
  readonly name: string
  /** Each sends its next record when its last is settled and `pauseMs` have passed. */
  readonly callers: number
  readonly pauseMs: number
  partitionOf(key: string): number
}

/** Callers that append single records to the Kafka topic of opt-ins until they are told to end. */
export interface Load {
  readonly results: readonly Appended[]
  /** Resolves when this many more appends were acknowledged. */
  acknowledged(count: number): Promise<void>
  end(): Promise<readonly Appended[]>
}

/** Starts a load. */
export function startLoad({ appender, name, callers, pauseMs, partitionOf }: LoadOptions): Load {
  const results: Appended[] = []
  let isEnding = false
  let count = 0
  const call = async () => {
    while (!isEnding) {
      const value = `${name}-${count++}`
      const fromMs = performance.now()
      const outcome = await appender
        .append([{ topic: 'optIn', key: value, value: Buffer.from(value), headers: {} }])
        .catch((error: unknown) => error)
      const tookMs = performance.now() - fromMs
      const position = Array.isArray(outcome) ? (outcome[0] as Position) : undefined
      const code = isAppError(outcome) ? outcome.code : position ? undefined : String(outcome)
      results.push({ value, partition: partitionOf(value), tookMs, position, code })
      await sleep(pauseMs)
    }
  }
  const running = Promise.all(Array.from({ length: callers }, call))
  const total = () => results.filter(({ position }) => position !== undefined).length
  return {
    results,
    async acknowledged(more) {
      for (const wanted = total() + more; total() < wanted; ) await sleep(10)
    },
    async end() {
      isEnding = true
      await running
      return results
    },
  }
}

/** Acknowledged records that do not stand at their position in the log. */
export function lostFrom(
  log: readonly LogEntry[],
  results: readonly Appended[],
): readonly string[] {
  const byPosition = new Map(log.map((it) => [`${it.partition}/${it.offset}`, it.value]))
  return results
    .filter(({ position }) => position !== undefined)
    .filter(({ value, position: at }) => byPosition.get(`${at?.partition}/${at?.offset}`) !== value)
    .map(({ value }) => value)
}

/** `1200 acknowledged, 40 OTN_BUS_FULL; p50 4 ms, max 900 ms` */
export function describeLoad(results: readonly Appended[]): string {
  const counts = Map.groupBy(results, ({ code }) => code ?? 'acknowledged')
  const parts = [...counts].map(([code, those]) => `${those.length} ${code}`)
  const times = results.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? 0)
  const max = Math.round(times.at(-1) ?? 0)
  return `${parts.join(', ')}; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${max} ms`
}
