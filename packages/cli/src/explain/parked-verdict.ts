/** How a command stands that nobody could read: parked, or given up by a person. Pure. */
import { explain } from '@otn/client'
import { printable } from '../output/printable.ts'
import type { StoryFact } from './story.ts'
import type { Verdict } from './verdict.ts'

/** Null where it was not parked, or was sent again since: then other facts tell how it stands. */
export function parkedVerdict(facts: readonly StoryFact[]): Verdict | null {
  const told = facts.flatMap((fact) => (fact.topic === 'parked' ? [fact.decoded.value] : []))
  const resolved = new Set(told.flatMap(({ resolves }) => resolves ?? []))
  for (const value of told) {
    if (value.type !== 'MessageParked' || resolved.has(value.eventId)) continue
    const { meaning, next } = explain(value.reason)
    const kept = 'Nothing went out; it is kept, sealed, until it is driven again or dropped.'
    const how = `pnpm otn parked redrive ${value.eventId} --dry-run`
    return verdictOf('parked', { sentence: meaning, reason: value.reason, next: [kept, how, next] })
  }
  const dropped = told.findLast(({ type }) => type === 'MessageDropped')
  if (dropped?.type !== 'MessageDropped') return null
  if (told.some(({ type }) => type === 'MessageRedriven')) return null
  const { resolvedBy, dropReason } = dropped
  const sentence = `given up by ${printable(resolvedBy)}: ${printable(dropReason)}`
  const next = [
    'Nothing went out. Where its ids could be read, the dispatcher ends it as cancelled.',
  ]
  return verdictOf('dropped', { sentence, reason: null, next })
}

function verdictOf(state: string, said: Pick<Verdict, 'sentence' | 'reason' | 'next'>): Verdict {
  return { mark: 'bad', state, ...said }
}
