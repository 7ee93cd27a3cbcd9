import type { OptInRequestEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldCall } from '../domain/token.ts'

/** Asking again outside the window may spend a token: then it is spent like by a notification. */
export function onOptInRequestEvent(event: OptInRequestEvent): Folds {
  const id = event.tokenId ?? null
  if (id === null) return {}
  return { tokens: [{ id, evolve: (token) => foldCall(token, { part: 'request', event }) }] }
}
