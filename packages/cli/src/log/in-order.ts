import type { LogRecord } from './read-log.ts'

/** More than this is not held back: whoever reads so much wants it to flow. */
const HELD_MAX = 10_000

export interface InOrder {
  add(record: LogRecord): void
  /** What stood on the log is read: from here on records are handed on as they come. */
  caughtUp(): void
}

/**
 * Hands records on by the broker's time, as far as they stood on the log already: partitions are
 * read one after the other, and a story told in that order cannot be followed.
 */
export function inOrder(handOn: (record: LogRecord) => void, heldMax = HELD_MAX): InOrder {
  let held: LogRecord[] | null = []
  const flush = (): void => {
    const records = held ?? []
    held = null
    // Stable, so that records of one partition keep their order where the time is the same.
    for (const record of records.toSorted((a, b) => a.timestampMs - b.timestampMs)) handOn(record)
  }
  return {
    add: (record) => {
      if (held === null) return handOn(record)
      held.push(record)
      if (held.length > heldMax) flush()
    },
    caughtUp: flush,
  }
}
