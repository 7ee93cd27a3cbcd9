import type { EngagementEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import {
  foldEngagement,
  foldEntry,
  foldLink,
  foldUnlink,
  type PersonDocument,
} from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'
import type { AccountOf } from '../vault-ports.ts'

/**
 * A person acted: the 24-hour window opens, the thread changes its owner, an account of the site is
 * linked or unlinked, or the platform says how they came. Of whom nobody is named, the log alone
 * keeps what is known.
 */
export function onEngagementEvent(accountOf: AccountOf): (event: EngagementEvent) => Folds {
  return (event) => {
    const person = event.person ?? null
    if (person === null) return {}
    const id = personKey({ pageId: event.pageId, person })
    return { persons: [{ id, evolve: evolving(event, accountOf) }] }
  }
}

function evolving(
  event: EngagementEvent,
  accountOf: AccountOf,
): (known: PersonDocument) => PersonDocument {
  switch (event.type) {
    case 'AccountLinked': {
      const account = accountOf(event)
      return (known) => foldLink(known, event, account)
    }
    case 'AccountUnlinked':
      return (known) => foldUnlink(known, event)
    case 'ReferralReceived':
    case 'PluginOptInReceived':
      return (known) => foldEntry(known, event)
    default:
      return (known) => foldEngagement(known, event)
  }
}
