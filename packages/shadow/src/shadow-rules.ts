import type { NotifySettings, RequestSettings, TopicRule } from '@otn/policy'

/** Everything by which the log can be decided otherwise. */
export interface ShadowRules {
  readonly notify: NotifySettings
  readonly request: RequestSettings
  /** Rules that are not asked, by id. */
  readonly without: ReadonlySet<string>
  /** A token expires so long before its year is over. */
  readonly expiryMarginMs: number
  /** Rules that name topics anew, by page; pages that are left out keep the topics they have. */
  readonly topicRules: ReadonlyMap<string, readonly TopicRule[]>
}

/** What becomes of a command where it is decided. */
export interface Decision {
  readonly outcome: 'send' | 'refuse'
  /** Why not; null where it goes out. */
  readonly reason: string | null
  readonly rule: string | null
  readonly route: 'TOKEN' | 'WINDOW' | 'TAG'
  /** The token that is spent; null = none. */
  readonly tokenId: string | null
}

/** Which token went, and who refuses for one reason, may differ without a rule. */
export function isSame(recorded: Decision, decided: Decision): boolean {
  if (recorded.outcome !== decided.outcome) return false
  if (recorded.outcome === 'refuse') return recorded.reason === decided.reason
  return (recorded.tokenId === null) === (decided.tokenId === null)
}
