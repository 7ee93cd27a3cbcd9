/** What one record says happened to a command, in the same words for both kinds of commands. */
import type { NotificationEvent, OptInRequestEvent } from '@otn/contracts'
import type { Place } from './audit-record.ts'
import { shortDigest } from './digest.ts'

export type FactKind =
  | 'attempted'
  | 'scheduled'
  | 'sent'
  | 'failed'
  | 'in-doubt'
  | 'cancelled'
  | 'rejected'

export interface Fact {
  readonly kind: FactKind
  readonly eventId: string
  /** Digest of what decides: two records of one `eventId` must agree in it. */
  readonly deciding: string
  readonly commandKey: string
  readonly pageId: string
  /** An opt-in request spends a token as well, and says less about it. */
  readonly isRequest: boolean
  /** Of the command. */
  readonly digest: string
  readonly attempt: number
  readonly tokenId: string | null
  readonly person: string | null
  readonly topic: string | null
  /** Of the campaign that sends it; null = of none. */
  readonly campaignId: string | null
  readonly reason: string | null
  readonly certainty: string | null
  readonly messageId: string | null
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  readonly isReleased: boolean
  readonly dueAt: number | null
  /** Business clock of the writer. */
  readonly at: number
  readonly place: Place
}

const KINDS = {
  NotificationAttempted: 'attempted',
  NotificationScheduled: 'scheduled',
  NotificationSent: 'sent',
  NotificationFailed: 'failed',
  NotificationInDoubt: 'in-doubt',
  NotificationCancelled: 'cancelled',
  CommandRejected: 'rejected',
  OptInRequestAttempted: 'attempted',
  OptInRequestScheduled: 'scheduled',
  OptInRequestSent: 'sent',
  OptInRequestFailed: 'failed',
  OptInRequestInDoubt: 'in-doubt',
} as const satisfies Record<(NotificationEvent | OptInRequestEvent)['type'], FactKind>

const FINAL_KINDS: ReadonlySet<FactKind> = new Set(['sent', 'failed', 'cancelled'])

export function isFinal({ kind }: Pick<Fact, 'kind'>): boolean {
  return FINAL_KINDS.has(kind)
}

/** Names a command of a page, for people as well. */
export function commandKeyOf(pageId: string, commandId: string, isRequest = false): string {
  return `${isRequest ? 'request ' : ''}${pageId}:${commandId}`
}

export function factOf(event: NotificationEvent | OptInRequestEvent, place: Place): Fact {
  const isRequest = place.topic === 'optInRequestEvent'
  return {
    kind: KINDS[event.type],
    eventId: event.eventId,
    deciding: decidingOf(event),
    commandKey: commandKeyOf(event.pageId, event.commandId, isRequest),
    pageId: event.pageId,
    isRequest,
    digest: event.commandDigest,
    attempt: event.attempt,
    tokenId: event.tokenId ?? null,
    person: event.person ?? null,
    topic: event.topic ?? null,
    campaignId: 'campaignId' in event ? (event.campaignId ?? null) : null,
    reason: event.reason ?? null,
    certainty: event.certainty ?? null,
    messageId: event.messageId ?? null,
    graphCode: event.graphCode ?? null,
    graphSubcode: event.graphSubcode ?? null,
    isReleased: event.tokenReleased === true,
    dueAt: event.dueAt ?? null,
    at: event.at,
    place,
  }
}

/**
 * Left out is what two writers of the same fact may know differently: when they saw it, how sure
 * they were, which evidence they had, whether they knew the person already.
 */
function decidingOf(event: NotificationEvent | OptInRequestEvent): string {
  const { type, pageId, commandId, commandDigest, attempt, tokenId = null } = event
  const { topic = null, route = null, tokenReleased = null, dueAt = null } = event
  const reason = type.endsWith('Failed') ? (event.reason ?? null) : null
  const call = { attempt, tokenId, topic, route, tokenReleased, dueAt, reason }
  return shortDigest({ type, pageId, commandId, commandDigest, ...call })
}
