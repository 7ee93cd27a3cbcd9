import type { EngagementEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldEngagement } from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'

/** A person acted: the 24-hour window opens, or the thread changes its owner. */
export function onEngagementEvent(event: EngagementEvent): Folds {
  const person = event.person ?? null
  if (person === null) return {}
  const id = personKey({ pageId: event.pageId, person })
  return { persons: [{ id, evolve: (known) => foldEngagement(known, event) }] }
}
