import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus, OutRecord } from '../../src/index.ts'

/** What one broker can give; in tests and demos only. */
export const ONE_BROKER = {
  replicationFactor: 1,
  minInsyncReplicas: 1,
  allowFewReplicas: true,
} as const

/** A record whose value tells which one it is. */
export function numbered(topic: OutRecord['topic'], n: number): OutRecord {
  return { topic, key: `key-${n}`, value: Buffer.from(String(n)), headers: { ce_id: `id-${n}` } }
}

/** Keys that fall on the given partition, as many as wanted. */
export function keysOf(bus: Bus, partition: number, count: number): readonly string[] {
  const keys: string[] = []
  for (let n = 0; keys.length < count; n += 1) {
    if (bus.partitionOf('optIn', `key-${n}`) === partition) keys.push(`key-${n}`)
  }
  return keys
}

/** Waits for a fact. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 30_000
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within 30 s: ${what}`)
    await sleep(10)
  }
}

/** Fails the test that does not expect a crash. */
export function noCrash(error: Error): void {
  throw error
}
