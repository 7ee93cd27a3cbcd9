import { FACTS_MAX, type FactSummary, summarise } from './fact-summary.ts'
import type { TokenDocument } from './token.ts'

/** Causes before effects where a clock stood still: consent, corrections, then calls. */
const ORDER = [
  'OptInReceived',
  'TokenTopicAssigned',
  'NotificationAttempted',
  'OptInRequestAttempted',
]

export interface History {
  readonly facts: readonly FactSummary[]
  /** False where so many facts came that older ones were let go. */
  readonly isComplete: boolean
}

/** Everything kept of a token's life, oldest first; null where its opt-in is not known. */
export function historyOf(token: TokenDocument): History | null {
  if (token.consent === null) return null
  const parts = [token.notification, token.request, token.correction]
  const told = parts.map((part) => part?.facts ?? [])
  const granted = summarise({ ...token.consent, type: 'OptInReceived' })
  return {
    facts: [granted, ...told.flat()].sort(byTime),
    isComplete: told.every((facts) => facts.length < FACTS_MAX),
  }
}

function byTime(a: FactSummary, b: FactSummary): number {
  return a.at - b.at || (a.attempt ?? 0) - (b.attempt ?? 0) || rank(a) - rank(b)
}

function rank({ type }: FactSummary): number {
  const index = ORDER.indexOf(type)
  return index < 0 ? ORDER.length : index
}
