import type { Pending } from './pending.ts'
import type { ReplyPart } from './settle-reply.ts'

/**
 * One producer id. Whoever holds it has one send in flight at most; after a send that did not
 * settle everything it is abandoned: its sequence numbers can be trusted no longer.
 */
export interface LiveProducer {
  /** Rejects when any partition failed; what was written then is not known. */
  send(records: readonly Pending[]): Promise<readonly ReplyPart[]>
  /** Begins no further try of what is in flight and closes behind the caller's back. */
  abandon(): void
  /** Closes an idle producer; never rejects, takes as long as its connections do. */
  close(): Promise<void>
}

export type ConnectProducer = () => Promise<LiveProducer>
