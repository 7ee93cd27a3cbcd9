/**
 * What was set aside, and what became of it, folded from its own Kafka topic. Kafka deletes
 * nothing, so a resolution is a fact like any other: progress stands on the log itself, is the same
 * on every machine, and survives an end at any moment. Pure.
 */
import type { ItemQuarantined, MessageParked, ParkedMessage, QuarantinedItem } from '@otn/contracts'
import type { CommandId, EventId, PageId } from '@otn/kernel'
import type { LogRecord } from '../log/read-log.ts'

/** Where things are set aside, by the alias of the Kafka topic. */
export type KeptIn = 'quarantine' | 'parked'

export type Keeping = ItemQuarantined | MessageParked

export const keptStates = ['open', 'redriven', 'dropped'] as const
export type KeptState = (typeof keptStates)[number]

export interface Resolution {
  readonly state: Exclude<KeptState, 'open'>
  readonly at: number
  readonly by: string
  /** What it became; null where it was dropped. */
  readonly redrivenAs: string | null
  readonly dropReason: string | null
}

/** One thing that was set aside, without what it holds: that may be megabytes, and somebody's. */
export interface KeptEntry {
  readonly eventId: EventId
  readonly pageId: PageId
  /** When it was set aside, by the clock of who did; the first time. */
  readonly at: number
  /** When the broker took it, ms since the epoch. */
  readonly timestampMs: number
  readonly reason: string
  /** Names fields, never what stood in them. */
  readonly detail: string | null
  /** How often the same thing was set aside. */
  readonly times: number
  /** Who set it aside, for example `/otn/ingress`; null where nobody signed. */
  readonly source: string | null
  readonly correlationId: string | null
  /** Of a parked message; null where it does not name one. */
  readonly commandId: CommandId | null
  /** Where a parked message stood: Kafka topic as it is on the cluster, partition, offset. */
  readonly from: Origin | null
  readonly resolution: Resolution | null
}

export interface Origin {
  readonly kafkaTopic: string
  readonly partition: number
  readonly offset: string
}

export interface KeptFold {
  add(record: LogRecord<KeptIn>): void
  /** In the order in which the log took them. */
  entries(): readonly KeptEntry[]
}

/** Repeats change nothing but the count. Of two resolutions the one that sent something holds. */
export function keptFold(): KeptFold {
  const kept = new Map<EventId, KeptEntry>()
  const resolved = new Map<EventId, Resolution>()
  return {
    add: (record) => {
      if (record.decoded.kind !== 'known') return
      const { value } = record.decoded
      if (isKeeping(value)) {
        const known = kept.get(value.eventId)
        const entry = known ?? entryOf(value, record)
        kept.set(value.eventId, { ...entry, times: entry.times + 1 })
        return
      }
      const resolution = resolutionOf(value)
      if (resolved.get(value.resolves)?.state === 'redriven') return
      resolved.set(value.resolves, resolution)
    },
    entries: () =>
      [...kept.values()]
        .map((entry) => ({ ...entry, resolution: resolved.get(entry.eventId) ?? null }))
        .toSorted((a, b) => a.timestampMs - b.timestampMs),
  }
}

export function isKeeping(value: QuarantinedItem | ParkedMessage): value is Keeping {
  return value.type === 'ItemQuarantined' || value.type === 'MessageParked'
}

export function stateOf({ resolution }: Pick<KeptEntry, 'resolution'>): KeptState {
  return resolution?.state ?? 'open'
}

function entryOf(value: Keeping, record: LogRecord<KeptIn>): KeptEntry {
  const { eventId, pageId, at, reason, detail = null } = value
  const { timestampMs, headers } = record
  const common = { eventId, pageId, at, timestampMs, reason, detail, times: 0, resolution: null }
  const source = headers.ce_source ?? null
  if (value.type === 'ItemQuarantined') {
    const { correlationId = null } = value
    return { ...common, source, correlationId, commandId: null, from: null }
  }
  const { commandId = null, sourceTopic: kafkaTopic, sourcePartition, sourceOffset } = value
  const from = { kafkaTopic, partition: sourcePartition, offset: sourceOffset }
  return { ...common, source, correlationId: null, commandId, from }
}

function resolutionOf(value: Exclude<QuarantinedItem | ParkedMessage, Keeping>): Resolution {
  const { at, resolvedBy: by, redrivenAs = null, dropReason = null } = value
  const isDropped = value.type === 'ItemDropped' || value.type === 'MessageDropped'
  return { state: isDropped ? 'dropped' : 'redriven', at, by, redrivenAs, dropReason }
}
