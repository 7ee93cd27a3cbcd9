import type { TokenEvent } from '@otn/contracts'
import { withdrawalOf } from '../domain/withdrawal.ts'
import type { Withdrawals } from '../ports.ts'

/** Remembers what was withdrawn: asked right before each call, whatever the ledger said before. */
export function onTokenEvent({
  withdrawals,
}: {
  readonly withdrawals: Withdrawals
}): (events: readonly TokenEvent[]) => Promise<void> {
  return async (events) => {
    await withdrawals.add(events.flatMap((event) => withdrawalOf(event) ?? []))
  }
}
