import type { TokenEvent } from '@otn/contracts'
import type { Withdrawals } from '../ports.ts'

/** Remembers withdrawn tokens: asked right before each call, whatever the ledger said before. */
export function onTokenEvent({
  withdrawals,
}: {
  readonly withdrawals: Withdrawals
}): (events: readonly TokenEvent[]) => Promise<void> {
  return async (events) => {
    const withdrawn = events.flatMap((event) =>
      event.type === 'TokenWithdrawn' && event.tokenId
        ? [{ tokenId: event.tokenId, at: event.at }]
        : [],
    )
    await withdrawals.add(withdrawn)
  }
}
