import {
  isObject,
  type JsonObject,
  member,
  pageScopedUserId,
  readFilledText,
  readId,
} from '@otn/kernel'
import { ONE_TIME_KIND, type OneTimeConsent, oneTimeConsent } from '@otn/policy'
import type { EngagementFact, OptInFact } from './facts.ts'
import {
  commonFields,
  facts,
  type ItemResult,
  malformed,
  occurredAt,
  type Surroundings,
  unreadable,
  type WebhookItem,
} from './webhook-item.ts'

/** Translates an item with `optin`. */
export function translateOptIn(item: WebhookItem, around: Surroundings): ItemResult {
  const optIn = item.json.optin
  if (!isObject(optIn)) return malformed(['optin'])
  const type = member(optIn, 'type')
  if (type === ONE_TIME_KIND) return oneTimeOptIn(item, optIn, around)
  const ref = readFilledText(member(optIn, 'ref'))
  const userRef = textOf(member(optIn, 'user_ref'))
  if (type === undefined && (ref !== null || userRef !== null)) {
    return facts(pluginOptIn(item, { ref, userRef }, around))
  }
  const detail = 'optin.type is none of ours; it may carry consent'
  return { kind: 'quarantined', reason: 'optin-kind-unknown', detail }
}

function oneTimeOptIn(item: WebhookItem, optIn: JsonObject, around: Surroundings): ItemResult {
  const { sender, recipient, timestampMs } = item
  const token = textOf(member(optIn, 'one_time_notif_token'))
  const payload = member(optIn, 'payload')
  if (
    sender === null ||
    recipient === null ||
    timestampMs === null ||
    token === null ||
    typeof payload !== 'string'
  ) {
    return malformed(
      unreadable({
        'sender.id': sender,
        'recipient.id': recipient,
        timestamp: timestampMs,
        'optin.one_time_notif_token': token,
        'optin.payload': typeof payload === 'string' ? payload : null,
      }),
    )
  }
  const psid = pageScopedUserId(sender)
  const { page } = item
  return facts(
    consentFact({ page, psid, token, payload, grantedAt: timestampMs, origin: 'webhook' }, around),
  )
}

function consentFact(consent: OneTimeConsent, around: Surroundings): OptInFact {
  return { topic: 'optIn', ...oneTimeConsent(consent, around) }
}

/** One given as a JSON number arrives here with its digits; one that is empty is none. */
function textOf(json: unknown): string | null {
  return typeof json === 'number' ? readId(json) : readFilledText(json)
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
