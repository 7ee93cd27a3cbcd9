import type { NotificationEvent } from '@otn/contracts'
import type { Folds } from '../domain/folds.ts'
import { foldCall } from '../domain/token.ts'

/** A call was made or closed: the token it carried is reserved, released, in doubt or redeemed. */
export function onNotificationEvent(event: NotificationEvent): Folds {
  const id = event.tokenId ?? null
  if (id === null) return {}
  return { tokens: [{ id, evolve: (token) => foldCall(token, { part: 'notification', event }) }] }
}
