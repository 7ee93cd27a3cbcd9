import type { TokenEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldTokenEvent } from '../domain/token.ts'

/** Consent was withdrawn, or the topic of a token was corrected. */
export function onTokenEvent(event: TokenEvent): Folds {
  const id = event.tokenId ?? null
  if (id === null) return {}
  return { tokens: [{ id, evolve: (token) => foldTokenEvent(token, event) }] }
}
