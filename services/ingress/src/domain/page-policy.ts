import { member } from '@otn/kernel'
import type { PageFact } from './facts.ts'
import {
  commonFields,
  facts,
  type ItemResult,
  malformed,
  occurredAt,
  type Surroundings,
  type WebhookItem,
} from './webhook-item.ts'

const ACTION = /^[a-z][a-z_-]{0,31}$/

/** The platform warned, blocked or unblocked the page. Older deliveries spell it with a hyphen. */
export function translatePolicyEnforcement(item: WebhookItem, around: Surroundings): ItemResult {
  const enforcement = item.json.policy_enforcement ?? item.json['policy-enforcement']
  const action = member(enforcement, 'action')
  if (typeof action !== 'string' || !ACTION.test(action))
    return malformed(['policy_enforcement.action'])
  const identified = { type: 'PagePolicyEnforced', psid: '', kind: 'policy-enforcement', mid: null }
  const fact: PageFact = {
    topic: 'page',
    key: item.page,
    value: {
      ...commonFields(item, around, identified),
      type: 'PagePolicyEnforced',
      action,
      occurredAt: occurredAt(item, around),
    },
    content: null,
  }
  return facts(fact)
}
