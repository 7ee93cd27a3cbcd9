import type { Secret } from '@otn/kernel'
import type { GraphObservation } from './observation.ts'

export interface ThreadControl {
  readonly psid: Secret
  /** Told to the app that owns the thread; nothing personal. */
  readonly metadata: string
}

/**
 * Body of a call that asks for control of a thread, or gives it up: the same under the Handover
 * Protocol and under Conversation Routing, which took its place and kept its endpoints.
 * @see Messenger Platform, Conversation Control
 */
export function buildThreadControl({ psid, metadata }: ThreadControl): string {
  return JSON.stringify({ recipient: { id: psid.reveal() }, metadata })
}

/** Whether the platform says that it did so; anything else may have failed. */
export function isDone(seen: GraphObservation): boolean {
  if (seen.seen !== 'answered' || seen.status !== 200) return false
  const { json } = seen
  const success = typeof json === 'object' && json !== null && 'success' in json && json.success
  // The documentation shows both.
  return success === true || success === 'true'
}
