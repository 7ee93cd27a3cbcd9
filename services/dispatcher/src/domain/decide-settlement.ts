import type { MessageId } from '@otn/kernel'
import { type Command, type CommandState, doubtedAttempt, stateOf } from './command.ts'
import type { Failed, Sent } from './fact-draft.ts'

/** What a person found out about a command whose verdict is in doubt. */
export interface Settlement {
  readonly outcome: 'sent' | 'not-sent'
  /** Only where it was sent, and where the person knows it. */
  readonly messageId: MessageId | null
  /** Name of the person. */
  readonly settledBy: string
  /** Why, in one redacted line. */
  readonly detail: string | null
}

export type SettlementVerdict =
  | { readonly kind: 'settles'; readonly draft: Sent | Failed }
  /** A person settled it so before: it adds nothing. */
  | { readonly kind: 'repeats' }
  /** It is not in doubt, or was settled otherwise. */
  | { readonly kind: 'refused'; readonly state: CommandState }

/**
 * What a person's word means. It closes a doubt and nothing else: what is under way has an answer
 * to come, and what has ended has better evidence.
 */
export function decideSettlement(command: Command, settlement: Settlement): SettlementVerdict {
  const state = stateOf(command)
  const doubted = doubtedAttempt(command)
  if (isSettledSo(command, settlement)) return { kind: 'repeats' }
  if (state !== 'in-doubt' || doubted === null) return { kind: 'refused', state }
  const { settledBy, detail, messageId } = settlement
  const about = { attempt: doubted.number, tokenId: doubted.tokenId, settledBy, detail }
  const certainty = 'OPERATOR'
  if (settlement.outcome === 'sent') {
    return { kind: 'settles', draft: { type: 'NotificationSent', ...about, certainty, messageId } }
  }
  const draft: Failed = {
    type: 'NotificationFailed',
    ...{ ...about, certainty, reason: 'operator-settled' },
    tokenReleased: doubted.tokenId === null ? null : true,
  }
  return { kind: 'settles', draft }
}

function isSettledSo({ final }: Command, { outcome }: Settlement): boolean {
  if (final?.certainty !== 'OPERATOR') return false
  return (final.type === 'NotificationSent') === (outcome === 'sent')
}
