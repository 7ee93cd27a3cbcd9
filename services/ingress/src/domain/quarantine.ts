import type { PageId } from '@otn/kernel'
import { quarantineId } from '@otn/policy'
import type { QuarantineFact, QuarantineReason, SealedContent } from './facts.ts'
import type { Surroundings } from './webhook-item.ts'

/** The whole body, where there is no item to keep. */
export function bodyContent(bodyBase64: string): SealedContent {
  return { body: bodyBase64, encoding: 'base64' }
}

/** Where something stood in a body, and what it was: enough to put it into quarantine. */
export interface Place {
  readonly page: PageId
  readonly entryIndex: number | null
  /** Index in the entry's `messaging[]` or `standby[]`. */
  readonly itemIndex: number | null
  /** `item` as parsed JSON; `body` in base64 where it does not parse. */
  readonly content: SealedContent
  /** Text that is the same at each redelivery of the same thing. */
  readonly identifiedBy: () => string
}

export interface Quarantined extends Place {
  readonly reason: QuarantineReason
  /** Names fields, never what stood in them. */
  readonly detail: string
}

/** The fact that something authentic could not be used. It is kept, sealed under its page. */
export function quarantineFact(
  { page, reason, detail, entryIndex, itemIndex, content, identifiedBy }: Quarantined,
  { identity, nowMs, bodySha256, correlationId }: Surroundings,
): QuarantineFact {
  return {
    topic: 'quarantine',
    key: page,
    value: {
      eventId: quarantineId({ page, reason, identifiedBy: identifiedBy() }, identity),
      type: 'ItemQuarantined',
      pageId: page,
      at: nowMs,
      reason,
      detail,
      bodySha256,
      entryIndex,
      itemIndex,
      correlationId,
    },
    content,
  }
}
