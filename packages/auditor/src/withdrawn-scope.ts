/** Withdrawals that name a person, a topic or both, and which consents they cover. */

export interface WithdrawnScope {
  readonly pageId: string
  /** Null = of everybody. */
  readonly person: string | null
  /** Null = whatever the topic. */
  readonly topic: string | null
}

export interface Withdrawal {
  /** Consents granted up to this instant are withdrawn. */
  readonly withdrawnAt: number
  /** When that was told. */
  readonly at: number
}

/** By scope; each is kept: one covers more consents, another was told earlier. */
export type Withdrawals = Map<string, readonly Withdrawal[]>

export function addWithdrawal(
  known: Withdrawals,
  scope: WithdrawnScope,
  { withdrawnAt, at }: Withdrawal,
): void {
  const before = known.get(keyOf(scope)) ?? []
  const isKnown = before.some((one) => one.withdrawnAt === withdrawnAt && one.at === at)
  if (!isKnown) known.set(keyOf(scope), [...before, { withdrawnAt, at }])
}

export interface CoveredConsent {
  readonly pageId: string
  readonly person: string
  readonly topic: string | null
  readonly grantedAt: number
}

/** When a consent was first said to be withdrawn by a scope; infinite = never. */
export function withdrawnFrom(known: Withdrawals, consent: CoveredConsent): number {
  const { pageId, person, topic, grantedAt } = consent
  const scopes = [
    { pageId, person, topic: null },
    ...(topic === null ? [] : [person, null].map((whose) => ({ pageId, person: whose, topic }))),
  ]
  const covering = scopes
    .flatMap((scope) => known.get(keyOf(scope)) ?? [])
    .filter(({ withdrawnAt }) => grantedAt <= withdrawnAt)
  return Math.min(Infinity, ...covering.map(({ at }) => at))
}

function keyOf({ pageId, person, topic }: WithdrawnScope): string {
  return JSON.stringify([pageId, person, topic])
}
