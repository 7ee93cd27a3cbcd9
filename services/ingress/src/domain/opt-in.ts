import { pageScopedUserId } from '@otn/kernel'
import { type OneTimeConsent, oneTimeConsent, readOptIn } from '@otn/policy'
import type { EngagementFact, OptInFact } from './facts.ts'
import {
  commonFields,
  facts,
  type ItemResult,
  occurredAt,
  type Surroundings,
  type WebhookItem,
} from './webhook-item.ts'

/** Translates an item with `optin`. */
export function translateOptIn(item: WebhookItem, around: Surroundings): ItemResult {
  const read = readOptIn(item)
  switch (read.kind) {
    case 'consent':
      return facts(consentFact({ ...read.consent, origin: 'webhook' }, around))
    case 'plugin':
      return facts(pluginOptIn(item, read, around))
    case 'unusable':
      return { kind: 'quarantined', reason: read.reason, detail: read.detail }
  }
}

function consentFact(consent: OneTimeConsent, around: Surroundings): OptInFact {
  return { topic: 'optIn', ...oneTimeConsent(consent, around) }
}

/** From a plugin on a site: the person where the platform names one, the page else. */
function pluginOptIn(
  item: WebhookItem,
  { ref, userRef }: { readonly ref: string | null; readonly userRef: string | null },
  around: Surroundings,
): EngagementFact {
  const psid = item.sender === null ? null : pageScopedUserId(item.sender)
  const person = psid === null ? null : around.identity.person(item.page, psid)
  const type = 'PluginOptInReceived'
  const identified = { type, psid: psid ?? '', kind: 'plugin-opt-in', mid: null }
  return {
    topic: 'engagement',
    key: person ?? item.page,
    value: {
      ...commonFields(item, around, identified),
      type,
      person,
      occurredAt: occurredAt(item, around),
      standby: item.standby,
    },
    content: withoutNulls({ psid, ref, userRef }),
  }
}

function withoutNulls(
  content: Readonly<Record<string, string | null>>,
): Readonly<Record<string, string>> {
  const filled: Record<string, string> = {}
  for (const [name, value] of Object.entries(content)) if (value !== null) filled[name] = value
  return filled
}
