import type { OptInReceived } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldTap } from '../domain/person.ts'
import { personKey } from '../domain/person-key.ts'
import { foldConsent } from '../domain/token.ts'

/** Consent was given: the token it brought is live, unless its outcome is known already. */
export function onOptInReceived(event: OptInReceived): Folds {
  return {
    tokens: [{ id: event.tokenId, evolve: (token) => foldConsent(token, event) }],
    persons: [{ id: personKey(event), evolve: (person) => foldTap(person, event) }],
    covers: [{ tokenId: event.tokenId }],
  }
}
