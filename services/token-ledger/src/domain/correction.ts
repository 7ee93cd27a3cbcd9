import type { TokenEvent } from '@otn/contracts'
import { assertNever, type Latest, latest } from '@otn/kernel'
import { type FactSummary, remember, summarise } from './fact-summary.ts'

/** What token events said: withdrawal for good, the corrected topic, the last notice of expiry. */
export interface Correction extends Corrected {
  readonly facts: readonly FactSummary[]
}

interface Corrected {
  /** There is no way back. */
  readonly isWithdrawn: boolean
  readonly topic: Latest<string> | null
  /** Days before the expiry of the last notice told, 0 = expired; left out where none was. */
  readonly noticed?: number
}

const NOTHING: Correction = { isWithdrawn: false, topic: null, facts: [] }

/** The correction after one more token event; the same object where it changes nothing. */
export function correct(known: Correction | null, event: TokenEvent): Correction {
  const before = known ?? NOTHING
  const facts = remember(before.facts, summarise(event))
  const after = corrected(before, event)
  return facts === before.facts && after === before ? before : { ...after, facts }
}

function corrected(known: Corrected, event: TokenEvent): Corrected {
  switch (event.type) {
    case 'TokenWithdrawn':
      return known.isWithdrawn ? known : { ...known, isWithdrawn: true }
    case 'TokenTopicAssigned': {
      const { topic: value, at, eventId } = event
      const topic = latest(known.topic, { value, at, eventId })
      return topic === known.topic ? known : { ...known, topic }
    }
    // Remembered so that it is told once: the state `expired` follows from the clock alone.
    case 'TokenExpiring':
      return noticed(known, event.daysLeft)
    case 'TokenExpired':
      return noticed(known, 0)
    // Kept in a part of its own: `isWithdrawn` means that the token's own fact is on the log.
    case 'ConsentWithdrawn':
      return known
    default:
      return assertNever(event)
  }
}

function noticed(known: Corrected, daysLeft: number): Corrected {
  return daysLeft < (known.noticed ?? Infinity) ? { ...known, noticed: daysLeft } : known
}
