import { type CommandId, canonicalJson, type EventId, type MessageId } from '@otn/kernel'

/** A fact as the history of a token shows it: nothing personal, nothing that empowers. */
export interface FactSummary {
  readonly eventId: EventId
  readonly type: string
  /** Milliseconds since the epoch, by the clock of its writer. */
  readonly at: number
  readonly topic: string | null
  readonly reason: string | null
  readonly commandId: CommandId | null
  /** Number of the call to the Send API; null where the fact speaks of none. */
  readonly attempt: number | null
  readonly certainty: string | null
  readonly messageId: MessageId | null
  readonly tokenReleased: boolean | null
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly dueAt: number | null
}

/** A fact about a token, with what its Kafka topic has of these fields. */
type Told = Pick<FactSummary, 'eventId' | 'type' | 'at'> & Partial<FactSummary>

export function summarise(fact: Told): FactSummary {
  return {
    eventId: fact.eventId,
    type: fact.type,
    at: fact.at,
    topic: fact.topic ?? null,
    reason: fact.reason ?? null,
    commandId: fact.commandId ?? null,
    attempt: fact.attempt ?? null,
    certainty: fact.certainty ?? null,
    messageId: fact.messageId ?? null,
    tokenReleased: fact.tokenReleased ?? null,
    graphCode: fact.graphCode ?? null,
    graphSubcode: fact.graphSubcode ?? null,
    dueAt: fact.dueAt ?? null,
  }
}

/**
 * A token is attempted once or twice in its life. Only the latest facts of one that met far more
 * are kept, so that no command stream can grow a document without bound; its state keeps counting.
 */
export const FACTS_MAX = 64

/**
 * Adds a fact to those known, ordered by time. Order-free and idempotent: it keeps the latest
 * `FACTS_MAX` of everything ever given, and of one id the latest version.
 */
export function remember(facts: readonly FactSummary[], fact: FactSummary): readonly FactSummary[] {
  const same = facts.find(({ eventId }) => eventId === fact.eventId)
  if (same && order(fact, same) <= 0) return facts
  const oldest = facts[0]
  if (!same && facts.length >= FACTS_MAX && oldest && order(fact, oldest) < 0) return facts
  return [...facts.filter((known) => known !== same), fact].sort(order).slice(-FACTS_MAX)
}

function order(a: FactSummary, b: FactSummary): number {
  if (a.at !== b.at) return a.at - b.at
  const [left, right] = [canonicalJson(a), canonicalJson(b)]
  return left === right ? 0 : left < right ? -1 : 1
}
