import type { EventId, MessageId, PersonId, TokenId } from '@otn/kernel'
import { type Command, closedByProof, holdsOf } from './command.ts'
import type { Sent } from './fact-draft.ts'

/** Proof from outside that an attempt sent: the echo of its message. */
export interface Evidence {
  readonly attempt: number
  readonly person: PersonId
  readonly messageId: MessageId
  readonly eventId: EventId
}

export type EvidenceVerdict =
  | { readonly kind: 'settles'; readonly draft: Sent }
  /** Sent already, or not about this person: it adds nothing. */
  | { readonly kind: 'known' }
  /** It proves a message of a command that was called failed or cancelled. */
  | { readonly kind: 'contradicts' }

/** Positive evidence is taken at any time, whatever the lease: it is no decision, it is a fact. */
export function decideEvidence(command: Command, evidence: Evidence): EvidenceVerdict {
  const { messageId, eventId, person } = evidence
  if (command.person !== null && command.person !== person) return { kind: 'known' }
  if (command.final?.type === 'NotificationSent') return { kind: 'known' }
  if (command.final !== null) return { kind: 'contradicts' }
  const certainty = { certainty: 'ECHOED', messageId, settledBy: eventId } as const
  const attempt = closedByProof(command, evidence.attempt)
  const tokenId = tokenOf(command, attempt)
  return { kind: 'settles', draft: { type: 'NotificationSent', attempt, tokenId, ...certainty } }
}

function tokenOf(command: Command, attempt: number): TokenId | null {
  const own = command.attempts.find(({ number }) => number === attempt)
  return own?.tokenId ?? holdsOf(command)
}
