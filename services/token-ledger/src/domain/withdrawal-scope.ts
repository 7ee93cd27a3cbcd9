import type { PageId, PersonId } from '@otn/kernel'

/** Whose consents a withdrawal speaks of. */
export interface WithdrawalScope {
  readonly pageId: PageId
  /** Null = of everybody. */
  readonly person: PersonId | null
  /** Null = whatever the topic. */
  readonly topic: string | null
  /** Consents granted later are not withdrawn. */
  readonly withdrawnAt: number
}

interface Given {
  readonly pageId: PageId
  readonly person: PersonId
  readonly topic: string | null
  readonly grantedAt: number
}

/** Whether a withdrawal speaks of a consent: the store asks the same of its index. */
export function isWithin(
  { pageId, person, topic, grantedAt }: Given,
  scope: WithdrawalScope,
): boolean {
  const isTheirs = scope.person === null || scope.person === person
  const isOfTopic = scope.topic === null || scope.topic === topic
  return scope.pageId === pageId && isTheirs && isOfTopic && grantedAt <= scope.withdrawnAt
}
