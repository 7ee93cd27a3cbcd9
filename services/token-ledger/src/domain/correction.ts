import type { TokenEvent } from '@otn/contracts'
import { assertNever } from '@otn/kernel'
import { type FactSummary, remember, summarise } from './fact-summary.ts'
import { type Latest, latest } from './latest.ts'

/** What token events said: withdrawal for good, and the topic where it was corrected. */
export interface Correction extends Corrected {
  readonly facts: readonly FactSummary[]
}

interface Corrected {
  /** There is no way back. */
  readonly isWithdrawn: boolean
  readonly topic: Latest<string> | null
}

const NOTHING: Correction = { isWithdrawn: false, topic: null, facts: [] }

/** The correction after one more token event; the same object where it changes nothing. */
export function correct(known: Correction | null, event: TokenEvent): Correction {
  const before = known ?? NOTHING
  const facts = remember(before.facts, summarise(event))
  const { isWithdrawn, topic } = corrected(before, event)
  const isSame =
    facts === before.facts && isWithdrawn === before.isWithdrawn && topic === before.topic
  return isSame ? before : { isWithdrawn, topic, facts }
}

function corrected(known: Corrected, event: TokenEvent): Corrected {
  switch (event.type) {
    case 'TokenWithdrawn':
      return { ...known, isWithdrawn: true }
    case 'TokenTopicAssigned': {
      const { topic: value, at, eventId } = event
      return { ...known, topic: latest(known.topic, { value, at, eventId }) }
    }
    // Told for others: the state `expired` follows from the clock alone.
    case 'TokenExpiring':
    case 'TokenExpired':
      return known
    default:
      return assertNever(event)
  }
}
