import { type PageScopedUserId, pageScopedUserId } from '@otn/kernel'
import type { EngagementFact, OptInFact } from './facts.ts'
import { isObject, type JsonObject, member, readFilledText, readId } from './fields.ts'
import { payloadFlag } from './payload-flag.ts'
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

/** The tap on Notify Me; other kinds of opt-in may carry consent too and are kept for people. */
const ONE_TIME = 'one_time_notif_req'

/** Translates an item with `optin`. */
export function translateOptIn(item: WebhookItem, around: Surroundings): ItemResult {
  const optIn = item.json.optin
  if (!isObject(optIn)) return malformed(['optin'])
  const type = member(optIn, 'type')
  if (type === ONE_TIME) return oneTimeOptIn(item, optIn, around)
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
  return facts(
    oneTimeFact({ item, psid: pageScopedUserId(sender), token, payload, timestampMs }, around),
  )
}

/** One given as a JSON number arrives here with its digits; one that is empty is none. */
function textOf(json: unknown): string | null {
  return typeof json === 'number' ? readId(json) : readFilledText(json)
}

interface OneTimeOptIn {
  readonly item: WebhookItem
  readonly psid: PageScopedUserId
  readonly token: string
  readonly payload: string
  readonly timestampMs: number
}

function oneTimeFact(
  { item, psid, token, payload, timestampMs }: OneTimeOptIn,
  { identity, nameTopic, nowMs, correlationId }: Surroundings,
): OptInFact {
  const person = identity.person(item.page, psid)
  const naming = nameTopic(item.page, payload)
  return {
    topic: 'optIn',
    key: person,
    value: {
      eventId: identity.event('OptInReceived', item.page, [token]),
      type: 'OptInReceived',
      pageId: item.page,
      at: nowMs,
      person,
      tokenId: identity.token(item.page, token),
      kind: ONE_TIME,
      ...naming,
      payloadFlag: payloadFlag(payload, naming.payloadFlag),
      grantedAt: Math.min(timestampMs, nowMs),
      origin: 'webhook',
      correlationId,
    },
    content: { psid, token, payload },
  }
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
