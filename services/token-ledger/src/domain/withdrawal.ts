import type { ConsentWithdrawn } from '@otn/contracts'
import { type FactSummary, remember, summarise } from './fact-summary.ts'

/**
 * Up to which instant consents were withdrawn, by topic; the topic null = whatever the topic. Kept
 * with the person where it speaks of one, else with the page. Ordered by topic, null first.
 */
export type Withdrawals = readonly Withdrawn[]

export interface Withdrawn {
  readonly topic: string | null
  /** Consents granted up to this instant are withdrawn, later ones are not. */
  readonly at: number
  /** What said so, by which a command that comes again is known. */
  readonly facts: readonly FactSummary[]
}

/** The withdrawals after one more: the latest instant counts, whatever the order they come in. */
export function withdraw(known: Withdrawals, event: ConsentWithdrawn): Withdrawals {
  const { topic = null, withdrawnAt } = event
  const same = known.find((one) => one.topic === topic)
  const facts = remember(same?.facts ?? [], summarise(event))
  const at = Math.max(withdrawnAt, same?.at ?? -Infinity)
  if (facts === same?.facts && at === same.at) return known
  return [...known.filter((one) => one !== same), { topic, at, facts }].sort(byTopic)
}

/** The latest withdrawal that covers a consent; null where none does. */
export function withdrawnAt(
  withdrawals: Withdrawals,
  { topic, grantedAt }: { readonly topic: string | null; readonly grantedAt: number },
): number | null {
  const instants = withdrawals
    .filter((one) => one.topic === null || one.topic === topic)
    .map(({ at }) => at)
    .filter((at) => at >= grantedAt)
  return instants.length === 0 ? null : Math.max(...instants)
}

function byTopic(a: Withdrawn, b: Withdrawn): number {
  return (a.topic ?? '') < (b.topic ?? '') ? -1 : 1
}
