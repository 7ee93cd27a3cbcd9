import type { NotificationEvent, OptInRequestEvent } from '@otn/contracts'
import { assertNever } from '@otn/kernel'

/** A fact about one call to the Send API. */
export type CallEvent = NotificationEvent | OptInRequestEvent

/**
 * What a fact says of the token that its call carries. The order is the rank: of two facts about
 * one attempt the higher one holds, in whichever order they come.
 */
export const STANDINGS = [
  /** The call may be under way. */
  'attempted',
  /** The command waits and keeps the token. */
  'held',
  'in-doubt',
  /** Known not sent; the token is free again. */
  'released',
  /** The same, and the answer was the bare refusal a dead token also gives. */
  'refused',
  /** Known not sent; the token is of no use any more. */
  'rejected',
  'sent',
] as const

export type Standing = (typeof STANDINGS)[number]

/** Code of the Graph answer that a dead token and a wrong parameter share. */
const BARE_REFUSAL = 100

/**
 * What a fact says of its token; null where it says nothing: no call was made (attempt 0), the call
 * went by another route, or the fact closes no attempt.
 */
export function standingOf(event: CallEvent): Standing | null {
  if (event.attempt === 0 || (event.route ?? 'TOKEN') !== 'TOKEN') return null
  switch (event.type) {
    case 'NotificationAttempted':
    case 'OptInRequestAttempted':
      return 'attempted'
    case 'NotificationScheduled':
    case 'OptInRequestScheduled':
      return event.tokenReleased === true ? 'released' : 'held'
    case 'NotificationInDoubt':
    case 'OptInRequestInDoubt':
      return 'in-doubt'
    case 'NotificationFailed':
    case 'OptInRequestFailed':
      return failedStanding(event)
    case 'NotificationSent':
    case 'OptInRequestSent':
      return 'sent'
    case 'NotificationCancelled':
      return event.tokenReleased === true ? 'released' : null
    case 'CommandRejected':
      return null
    default:
      return assertNever(event)
  }
}

function failedStanding({ tokenReleased, graphCode, graphSubcode }: CallEvent): Standing {
  if (tokenReleased !== true) return 'rejected'
  const isBare = graphCode === BARE_REFUSAL && (graphSubcode ?? null) === null
  return isBare ? 'refused' : 'released'
}
