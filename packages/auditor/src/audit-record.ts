import type { RecordOf, Records, TopicAlias } from '@otn/contracts'

/** The Kafka topics that the invariants are about. */
export const AUDITED_TOPICS = [
  'optIn',
  'token',
  'page',
  'notify',
  'optInRequest',
  'notification',
  'optInRequestEvent',
  'parked',
] as const satisfies readonly TopicAlias[]

export type AuditedTopic = (typeof AUDITED_TOPICS)[number]

/** Where a record stands, and when the broker took it. Within a partition the offset orders. */
export interface Place {
  readonly topic: TopicAlias
  readonly partition: number
  readonly offset: bigint
  /** LogAppendTime, ms since the epoch: the one clock that all records share. */
  readonly timestampMs: number
}

/** A record as the auditor takes it in. An unreadable one is told, for nobody may write it. */
export type AuditRecord =
  | {
      readonly [Alias in AuditedTopic]: {
        readonly kind: 'known'
        readonly topic: Alias
        readonly place: Place
        readonly key: string | null
        readonly value: Records[RecordOf<Alias>]
      }
    }[AuditedTopic]
  | { readonly kind: 'unreadable'; readonly topic: AuditedTopic; readonly place: Place }

/** `otn.notification.events.v1` and the like are long; `notification/3@17` says the same. */
export function placeText({ topic, partition, offset }: Omit<Place, 'timestampMs'>): string {
  return `${topic}/${partition}@${offset}`
}

/** Total order of places by the broker's time; within a partition it is the order of the log. */
export function earlier(a: Place, b: Place): Place {
  if (a.topic === b.topic && a.partition === b.partition) return a.offset <= b.offset ? a : b
  if (a.timestampMs !== b.timestampMs) return a.timestampMs < b.timestampMs ? a : b
  return placeText(a) <= placeText(b) ? a : b
}

/** True only where the log itself says so: the same partition, a lower offset. */
export function surelyBefore(a: Place, b: Place): boolean {
  return a.topic === b.topic && a.partition === b.partition && a.offset < b.offset
}
