/**
 * A fact about a command, in one language for both kinds of commands. An opt-in request lives as a
 * notification does; only on the log its facts have a Kafka topic and names of their own.
 */
import {
  inNotificationWords,
  type NotificationEvent,
  type OptInRequestEvent,
  requestTypeOf,
} from '@otn/contracts'

/** What an opt-in request says beside what every command says. */
export interface Asks {
  /** Comes back with the consent. */
  readonly context: string | null
  /** Digest of the words; null = an older build told it. */
  readonly titleDigest: string | null
}

export type CommandFact = NotificationEvent & {
  /** Present where the command asks for consent. */
  readonly asks?: Asks | undefined
}

/** The name under which a fact stands on the log, of which its id is made. */
export function typeOnLog(type: NotificationEvent['type'], asks: Asks | null | undefined): string {
  return asks ? (requestTypeOf(type) ?? type) : type
}

/** The fact of an opt-in request, as it stands on the log; null = it is of a notification. */
export function asRequestEvent({ asks, ...fact }: CommandFact): OptInRequestEvent | null {
  const type = requestTypeOf(fact.type)
  if (asks === undefined || type === null) return null
  // Both records have the same fields; what a variant requires follows from its name.
  return { ...fact, type, ...asks } as OptInRequestEvent
}

/** The fact of an opt-in request, read from the log. */
export function ofRequestEvent(event: OptInRequestEvent): CommandFact {
  const { context = null, titleDigest = null } = event
  return { ...inNotificationWords(event), asks: { context, titleDigest } }
}
