import type { EventId } from './ids.ts'

/**
 * What holds now because the latest fact about it said so. Facts of one instant (a clock may stand
 * still) count in the order of their Kafka topic; `seen` holds the ids of that instant, so that a
 * repeat of one of them changes nothing.
 */
export interface Latest<T> {
  readonly value: T
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly seen: readonly EventId[]
}

export interface Statement<T> {
  readonly value: T
  readonly at: number
  readonly eventId: EventId
}

/** Many more facts about one thing within a millisecond than any writer makes. */
const SEEN_MAX = 64

/** The same object where the statement changes nothing: it is older, or known. */
export function latest<T>(known: Latest<T> | null, said: Statement<T>): Latest<T> {
  const { value, at, eventId } = said
  if (known === null || at > known.at) return { value, at, seen: [eventId] }
  if (at < known.at || known.seen.includes(eventId)) return known
  return { value, at, seen: [...known.seen, eventId].slice(-SEEN_MAX) }
}
