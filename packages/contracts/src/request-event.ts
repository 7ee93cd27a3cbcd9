/**
 * Facts of an opt-in request have a Kafka topic and names of their own, and say what those of a
 * notification say. Whoever follows both reads them in one language.
 */
import type { NotificationEvent, OptInRequestEvent } from './generated/records.ts'

/** Not a fact of requests: a request is not cancelled. */
type RequestWord = Exclude<NotificationEvent['type'], 'NotificationCancelled'>

const WORDS = {
  OptInRequestAttempted: 'NotificationAttempted',
  OptInRequestScheduled: 'NotificationScheduled',
  OptInRequestSent: 'NotificationSent',
  OptInRequestFailed: 'NotificationFailed',
  OptInRequestInDoubt: 'NotificationInDoubt',
  CommandRejected: 'CommandRejected',
} as const satisfies Record<OptInRequestEvent['type'], RequestWord>

const REQUEST_TYPES = new Map(
  Object.entries(WORDS).map(([type, word]) => [word, type as OptInRequestEvent['type']]),
)

/** The name under which the fact of a request stands on the log; null = requests have no such. */
export function requestTypeOf(word: NotificationEvent['type']): OptInRequestEvent['type'] | null {
  return word === 'NotificationCancelled' ? null : (REQUEST_TYPES.get(word) ?? null)
}

/** The fact of a request in the words of a notification: all fields but its context. */
export function inNotificationWords({
  context: _context,
  titleDigest: _titleDigest,
  ...event
}: OptInRequestEvent): NotificationEvent {
  // The variants of both records require the same fields, a route apart: it was by token.
  return { ...event, type: WORDS[event.type], route: event.route ?? 'TOKEN' } as NotificationEvent
}
