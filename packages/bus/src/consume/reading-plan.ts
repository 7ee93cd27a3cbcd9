import type { TopicAlias } from '@otn/contracts'
import { appError } from '@otn/kernel'
import type { InRecord, NextOffsets, Position } from '../record.ts'
import type { TopicPartition } from './progress-table.ts'

/** Where the log began and ended when the following started. */
export interface LogBounds {
  readonly starts: Readonly<Partial<Record<TopicAlias, readonly bigint[]>>>
  readonly ends: Readonly<Partial<Record<TopicAlias, readonly bigint[]>>>
}

interface Cursor extends TopicPartition {
  next: bigint
  readonly end: bigint
}

/**
 * Where each partition of a following stands, and whether it has caught up. Pure bookkeeping: it
 * makes a reader without commits see every record once, whatever kafkajs fetches again.
 */
export class ReadingPlan {
  readonly #cursors = new Map<string, Cursor>()
  readonly #stopsAtEnd: boolean

  /** @throws OTN_BUS_TOPICS_WRONG when a wished position is above the end of the log. */
  constructor(from: NextOffsets, { starts, ends }: LogBounds, until: 'end' | undefined) {
    this.#stopsAtEnd = until === 'end'
    for (const [topic, offsets] of entriesOf(ends)) {
      for (const [partition, end] of offsets.entries()) {
        const first = starts[topic]?.[partition] ?? 0n
        const wished = from[topic]?.[partition] ?? first
        if (wished > end) throw aboveEnd({ topic, partition, offset: wished }, end)
        // Below the first record that is kept there is nothing to be read any more.
        const next = wished < first ? first : wished
        this.#cursors.set(keyOf({ topic, partition }), { topic, partition, next, end })
      }
    }
  }

  get isCaughtUp(): boolean {
    return [...this.#cursors.values()].every(({ next, end }) => next >= end)
  }

  get positions(): NextOffsets {
    const positions: Partial<Record<TopicAlias, bigint[]>> = {}
    for (const { topic, partition, next } of this.#cursors.values()) {
      const offsets = positions[topic] ?? []
      offsets[partition] = next
      positions[topic] = offsets
    }
    return positions
  }

  startAt(assigned: readonly TopicPartition[]): readonly Position[] {
    return assigned.flatMap((where) => {
      const cursor = this.#cursors.get(keyOf(where))
      return cursor === undefined ? [] : [{ ...where, offset: cursor.next }]
    })
  }

  /** Those records that are to be handed over: not seen yet, and not past the wished end. */
  unseen(where: TopicPartition, records: readonly InRecord[]): readonly InRecord[] {
    const cursor = this.#cursors.get(keyOf(where))
    if (cursor === undefined) return []
    const isWanted = (offset: bigint) => !this.#stopsAtEnd || offset < cursor.end
    return records.filter(({ offset }) => offset >= cursor.next && isWanted(offset))
  }

  /**
   * Everything up to and with this offset is handled, as far as it is wished: what came after the
   * wished end was not handed over, so a later reading must begin there. Never goes back.
   */
  passed({ offset, ...where }: Position): void {
    const cursor = this.#cursors.get(keyOf(where))
    if (cursor === undefined) return
    const isPastEnd = this.#stopsAtEnd && offset >= cursor.end
    const next = isPastEnd ? cursor.end : offset + 1n
    if (next > cursor.next) cursor.next = next
  }
}

function entriesOf(offsets: LogBounds['ends']): readonly [TopicAlias, readonly bigint[]][] {
  return Object.entries(offsets) as [TopicAlias, readonly bigint[]][]
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

function aboveEnd({ topic, partition, offset }: Position, end: bigint): Error {
  return appError('OTN_BUS_TOPICS_WRONG', {
    message:
      `partition ${partition} of ${topic} ends at ${end}, reading was to begin at ${offset}: ` +
      'the position belongs to another cluster, or the log was emptied; rebuild from the beginning',
    details: { topic, partition, offset: String(offset), end: String(end) },
  })
}
