import type { RecordOf, Records, TopicAlias } from '@otn/contracts'

/** What a decision rests on, causes before effects. */
export const SHADOW_TOPICS = [
  'page',
  'optIn',
  'engagement',
  'token',
  'notify',
  'optInRequest',
  'notification',
  'optInRequestEvent',
] as const satisfies readonly TopicAlias[]

export type ShadowTopic = (typeof SHADOW_TOPICS)[number]

/** A record of the log, with the broker's time, ms since the epoch. */
export type ShadowRecord = {
  readonly [Alias in ShadowTopic]: {
    readonly topic: Alias
    readonly timestampMs: number
    readonly value: Records[RecordOf<Alias>]
  }
}[ShadowTopic]

/**
 * By the broker's time; within a millisecond causes before effects. Records of one partition keep
 * their order where they come in it.
 */
export function inTime(records: readonly ShadowRecord[]): readonly ShadowRecord[] {
  const rank = ({ topic }: ShadowRecord) => SHADOW_TOPICS.indexOf(topic)
  return records.toSorted((a, b) => a.timestampMs - b.timestampMs || rank(a) - rank(b))
}
