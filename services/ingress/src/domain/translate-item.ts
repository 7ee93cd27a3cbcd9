import { member } from '@otn/kernel'
import {
  translateAccountLinking,
  translateMessage,
  translatePassThread,
  translatePostback,
  translateReaction,
  translateReferral,
  translateTakeThread,
} from './engagement.ts'
import { kindOf } from './kinds.ts'
import { translateOptIn } from './opt-in.ts'
import { translatePolicyEnforcement } from './page-policy.ts'
import { translateDelivery, translateEcho, translateRead } from './receipts.ts'
import {
  counted,
  type ItemResult,
  type ItemTranslator,
  type Surroundings,
  type WebhookItem,
} from './webhook-item.ts'

/** What makes an item what it is, and who translates it. `optin` comes first: consent. */
const TRANSLATORS: readonly (readonly [string, ItemTranslator])[] = [
  ['optin', translateOptIn],
  ['message', translateMessage],
  ['postback', translatePostback],
  ['reaction', translateReaction],
  ['referral', translateReferral],
  ['account_linking', translateAccountLinking],
  ['pass_thread_control', translatePassThread],
  ['take_thread_control', translateTakeThread],
  ['delivery', translateDelivery],
  ['read', translateRead],
  ['policy_enforcement', translatePolicyEnforcement],
  ['policy-enforcement', translatePolicyEnforcement],
]

/** Translates one item; total: whatever stands in it, it gives a result. */
export function translateItem(item: WebhookItem, around: Surroundings): ItemResult {
  // In an echo the page is the sender, so it is told apart before the page is compared.
  if (isEcho(item)) return translateEcho(item, around)
  if (isOtherPages(item)) return counted('page-mismatch')
  for (const [name, translateIt] of TRANSLATORS) {
    if (Object.hasOwn(item.json, name)) return translateIt(item, around)
  }
  return counted(kindOf(item.json))
}

function isEcho({ json }: WebhookItem): boolean {
  return !Object.hasOwn(json, 'optin') && member(json.message, 'is_echo') === true
}

/** Seen in the platform's own test calls. Consent is kept even so; the rest is only counted. */
function isOtherPages({ json, recipient, page }: WebhookItem): boolean {
  return recipient !== null && recipient !== page && !Object.hasOwn(json, 'optin')
}
