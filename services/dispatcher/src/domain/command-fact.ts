/**
 * A fact about a command, in one language for both kinds of commands. An opt-in request lives as a
 * notification does; on the log its facts have a Kafka topic and names of their own, and this file
 * alone knows both.
 */
import type { NotificationEvent, OptInRequestEvent } from '@otn/contracts'

/** What an opt-in request says beside what every command says. */
export interface Asks {
  /** Comes back with the consent. */
  readonly context: string | null
}

export type CommandFact = NotificationEvent & {
  /** Present where the command asks for consent. */
  readonly asks?: Asks | undefined
}

type Fields<Fact> = Omit<Fact, 'type' | 'asks'>
type RequestType = OptInRequestEvent['type']
/** Not a fact of requests: a request is not cancelled. */
type NotificationType = Exclude<NotificationEvent['type'], 'NotificationCancelled'>

const REQUEST_TYPES = {
  NotificationAttempted: 'OptInRequestAttempted',
  NotificationScheduled: 'OptInRequestScheduled',
  NotificationSent: 'OptInRequestSent',
  NotificationFailed: 'OptInRequestFailed',
  NotificationInDoubt: 'OptInRequestInDoubt',
  CommandRejected: 'CommandRejected',
} as const satisfies Record<NotificationType, RequestType>

const NOTIFICATION_TYPES = {
  OptInRequestAttempted: 'NotificationAttempted',
  OptInRequestScheduled: 'NotificationScheduled',
  OptInRequestSent: 'NotificationSent',
  OptInRequestFailed: 'NotificationFailed',
  OptInRequestInDoubt: 'NotificationInDoubt',
  CommandRejected: 'CommandRejected',
} as const satisfies Record<RequestType, NotificationType>

/** The name under which a fact stands on the log, of which its id is made. */
export function typeOnLog(type: NotificationEvent['type'], asks: Asks | null | undefined): string {
  return asks && type !== 'NotificationCancelled' ? REQUEST_TYPES[type] : type
}

/** The fact of an opt-in request, as it stands on the log; null = it is of a notification. */
export function asRequestEvent(fact: CommandFact): OptInRequestEvent | null {
  const { asks, ...said } = fact
  if (asks === undefined || said.type === 'NotificationCancelled') return null
  const fields: Fields<CommandFact> = said
  // Both records have the same fields; the types of a variant follow from its name.
  return {
    ...fields,
    type: REQUEST_TYPES[said.type],
    context: asks.context,
  } as OptInRequestEvent
}

/** The fact of an opt-in request, read from the log. */
export function ofRequestEvent({ context = null, ...event }: OptInRequestEvent): CommandFact {
  const type = NOTIFICATION_TYPES[event.type]
  return { ...event, type, asks: { context } } as CommandFact
}
