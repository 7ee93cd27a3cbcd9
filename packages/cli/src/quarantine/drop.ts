/** Quarantined entries given up: marked, and kept until the Kafka topic's retention takes them. */
import type { OpenedLog } from '@otn/bus'
import type { Identity } from '@otn/kernel'
import type { KeptEntry } from '../kept/kept-entry.ts'
import { stopIfAsked } from '../kept/read-kept.ts'
import { resolutionRecord } from '../kept/resolutions.ts'

const ACKNOWLEDGE_MS = 10_000
const AT_ONCE = 200

export interface Dropping {
  readonly log: OpenedLog
  readonly signal: AbortSignal
  readonly identity: Identity
  readonly by: string
  readonly dropReason: string
  readonly nowMs: number
  readonly onProgress: (entries: number, of: number) => void
}

/** @throws CliError 130; OTN_BUS_* */
export async function publishDrop(
  entries: readonly KeptEntry[],
  { log, signal, identity, by, dropReason, nowMs, onProgress }: Dropping,
): Promise<void> {
  const { bus, codec } = log
  const appender = bus.appender({ name: 'cli', deadlineMs: ACKNOWLEDGE_MS })
  const resolving = { keptIn: 'quarantine', identity, codec, by, nowMs } as const
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    stopIfAsked(signal)
    const part = entries.slice(at, at + AT_ONCE)
    const ending = { state: 'dropped', dropReason } as const
    await appender.append(part.map((entry) => resolutionRecord(entry, ending, resolving)))
    onProgress(at + part.length, entries.length)
  }
}
