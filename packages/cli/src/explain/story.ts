/** The facts about one id, in the order in which the log took them. Pure. */
import type { TopicAlias } from '@otn/contracts'
import type { LogRecord } from '../log/read-log.ts'

/** Where facts about commands and tokens stand; causes before effects. */
export const STORY_TOPICS = [
  'optIn',
  'token',
  'notify',
  'optInRequest',
  'cancel',
  'notification',
  'optInRequestEvent',
  'parked',
] as const satisfies readonly TopicAlias[]

export type StoryRecord = LogRecord<(typeof STORY_TOPICS)[number]>

type Known<R> = R extends { readonly decoded: infer D }
  ? Omit<R, 'decoded'> & { readonly decoded: Extract<D, { readonly kind: 'known' }> }
  : never

type KnownRecord = Known<StoryRecord>

/** A record that can be read; `times` counts how often the same fact was written. */
export type StoryFact = KnownRecord & { readonly times: number }

/** Decoded, in log order, a repeated fact once. */
export function storyOf(records: readonly StoryRecord[]): readonly StoryFact[] {
  const facts = new Map<string, StoryFact>()
  for (const record of records.toSorted(byTime)) {
    if (!isKnown(record)) continue
    const key = identityOf(record)
    const seen = facts.get(key)
    facts.set(key, seen ? { ...seen, times: seen.times + 1 } : { ...record, times: 1 })
  }
  return [...facts.values()]
}

function isKnown(record: StoryRecord): record is KnownRecord {
  return record.decoded.kind === 'known'
}

/** The broker's time orders facts of different partitions; within one the offset does. */
function byTime(a: StoryRecord, b: StoryRecord): number {
  if (a.topic === b.topic && a.partition === b.partition) return a.offset < b.offset ? -1 : 1
  return (
    a.timestampMs - b.timestampMs || STORY_TOPICS.indexOf(a.topic) - STORY_TOPICS.indexOf(b.topic)
  )
}

/** A fact is known by its id; a command may rightly come twice and is told each time. */
function identityOf({ topic, partition, offset, decoded }: KnownRecord): string {
  const { value } = decoded
  return 'eventId' in value ? `${topic} ${value.eventId}` : `${topic} ${partition} ${offset}`
}
