/** The message tags of the platform: which there are, until when, how far each reaches. */
import { DAY_MS } from '@otn/kernel'

export interface MessageTag {
  /** Refused by the platform from this instant on; null = it stands. */
  readonly retiredAt: number | null
  /** How long after the person last acted it reaches them; null = at any time. */
  readonly reachMs: number | null
  /** The one template that it is for; null = any message. */
  readonly template: string | null
}

const RETIRED: MessageTag = {
  retiredAt: Date.UTC(2026, 3, 27),
  reachMs: null,
  template: null,
}
const WEEK_MS = 7 * DAY_MS

/** By name. A page may use one only where the platform granted it: see `NotifySettings.tags`. */
export const messageTags: ReadonlyMap<string, MessageTag> = new Map([
  ['HUMAN_AGENT', { retiredAt: null, reachMs: WEEK_MS, template: null }],
  ['CUSTOMER_FEEDBACK', { retiredAt: null, reachMs: WEEK_MS, template: 'customer_feedback' }],
  ['NON_PROMOTIONAL_SUBSCRIPTION', { retiredAt: null, reachMs: null, template: null }],
  ['ACCOUNT_UPDATE', RETIRED],
  ['CONFIRMED_EVENT_UPDATE', RETIRED],
  ['POST_PURCHASE_UPDATE', RETIRED],
])
