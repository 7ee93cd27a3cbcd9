import type { PersonId } from '@otn/kernel'
import type { TokenView } from './token.ts'

/** Somebody of a page, by what is known of the tokens that a question is about. */
export interface PersonSummary {
  readonly person: PersonId
  readonly tokens: number
  /** Tokens that may be spent now. */
  readonly live: number
  /** Those topics that have a name, in order. */
  readonly topics: readonly string[]
  /** When they agreed last, milliseconds since the epoch. */
  readonly lastGrantedAt: number
}

/**
 * The summary after one more token of the person.
 * @param liveFrom tokens granted before this instant have expired
 */
export function withToken(
  known: PersonSummary | undefined,
  { person, topic, state, grantedAt }: TokenView,
  liveFrom: number,
): PersonSummary {
  const { tokens, live, topics, lastGrantedAt } = known ?? NOBODY
  const isNamed = topic !== null && !topics.includes(topic)
  return {
    person,
    tokens: tokens + 1,
    live: live + (state === 'live' && grantedAt >= liveFrom ? 1 : 0),
    topics: isNamed ? [...topics, topic].sort() : topics,
    lastGrantedAt: Math.max(lastGrantedAt, grantedAt),
  }
}

const NOBODY: Omit<PersonSummary, 'person'> = { tokens: 0, live: 0, topics: [], lastGrantedAt: 0 }
