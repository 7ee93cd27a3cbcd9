/**
 * Whether an answer of the ledger is young enough to say no. The log is read to its end after the
 * command was received; an answer counts once the ledger has folded as far (design 5).
 */

/** Kafka topics whose facts decide what a person's tokens are. */
export const DECIDING_TOPICS = [
  'optIn',
  'engagement',
  'notification',
  // A question may have spent a token, or let it go.
  'optInRequestEvent',
  'token',
] as const

export type DecidingTopic = (typeof DECIDING_TOPICS)[number]

/** Next offset per partition number, by Kafka topic; only the partitions that matter. */
export type Offsets = Readonly<Record<DecidingTopic, ReadonlyMap<number, bigint>>>

/** True where `has` is as far as `needs`, in every partition that `needs` names. */
export function reaches(has: Offsets, needs: Offsets): boolean {
  return DECIDING_TOPICS.every((topic) =>
    [...needs[topic]].every(([partition, next]) => (has[topic].get(partition) ?? 0n) >= next),
  )
}
