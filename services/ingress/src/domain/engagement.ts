import type { EngagementEvent } from '@otn/contracts'
import {
  isObject,
  type JsonObject,
  member,
  messageId,
  type PersonId,
  pageScopedUserId,
  readFilledText,
  readId,
} from '@otn/kernel'
import type { EngagementFact, SealedContent } from './facts.ts'
import {
  commonFields,
  counted,
  facts,
  type ItemResult,
  malformed,
  occurredAt,
  type Surroundings,
  type WebhookItem,
} from './webhook-item.ts'

interface Act {
  readonly type: EngagementEvent['type']
  readonly kind: string
  readonly mid?: string | null
}

/** A message of a person. Its text and attachments are stored nowhere. */
export function translateMessage(item: WebhookItem, around: Surroundings): ItemResult {
  const message = item.json.message
  if (!isObject(message)) return malformed(['message'])
  // Somebody who takes a message back does not write to the page: no window opens.
  if (member(message, 'is_deleted') === true) return counted('message-deleted')
  const kind = isObject(member(message, 'quick_reply')) ? 'quick-reply' : 'message'
  return engaged(item, { kind, mid: member(message, 'mid') }, around)
}

export function translatePostback(item: WebhookItem, around: Surroundings): ItemResult {
  const postback = item.json.postback
  if (!isObject(postback)) return malformed(['postback'])
  const result = engaged(item, { kind: 'postback', mid: member(postback, 'mid') }, around)
  const referral = member(postback, 'referral')
  if (result.kind !== 'facts' || !isObject(referral)) return result
  // A new conversation by a link has no item of its own for the referral.
  const nested = referralOf(item, referral, around)
  return nested.kind === 'facts' ? facts(...result.facts, ...nested.facts) : result
}

/** Only a reaction that was given opens the window; one that was withdrawn is counted. */
export function translateReaction(item: WebhookItem, around: Surroundings): ItemResult {
  const reaction = item.json.reaction
  if (!isObject(reaction)) return malformed(['reaction'])
  if (member(reaction, 'action') === 'unreact') return counted('reaction-withdrawn')
  if (member(reaction, 'action') !== 'react') return malformed(['reaction.action'])
  return engaged(item, { kind: 'reaction', mid: member(reaction, 'mid') }, around)
}

export function translateReferral(item: WebhookItem, around: Surroundings): ItemResult {
  const { referral } = item.json
  return isObject(referral) ? referralOf(item, referral, around) : malformed(['referral'])
}

export function translateAccountLinking(item: WebhookItem, around: Surroundings): ItemResult {
  if (item.sender === null) return malformed(['sender.id'])
  const linking = item.json.account_linking
  const psid = item.sender
  const kind = 'account-linking'
  const status = member(linking, 'status')
  if (status === 'unlinked') {
    const type = 'AccountUnlinked'
    return facts(engagement({ ...actOf(item, { type, kind }, around), type }, { psid }))
  }
  if (status !== 'linked') return malformed(['account_linking.status'])
  const externalUserId = readFilledText(member(linking, 'authorization_code'))
  if (externalUserId === null) return malformed(['account_linking.authorization_code'])
  const type = 'AccountLinked'
  return facts(
    engagement({ ...actOf(item, { type, kind }, around), type }, { psid, externalUserId }),
  )
}

export function translatePassThread(item: WebhookItem, around: Surroundings): ItemResult {
  return threadControl(item, item.json.pass_thread_control, around)
}

export function translateTakeThread(item: WebhookItem, around: Surroundings): ItemResult {
  return threadControl(item, item.json.take_thread_control, around)
}

function threadControl(item: WebhookItem, change: unknown, around: Surroundings): ItemResult {
  if (!isObject(change)) return malformed(['pass_thread_control or take_thread_control'])
  if (item.sender === null) return malformed(['sender.id'])
  // Only a null that is given says that nobody owns it: else a message would go into the talk of
  // another app.
  const next = member(change, 'new_owner_app_id')
  if (next !== null && readId(next) === null) return malformed(['new_owner_app_id'])
  const type = 'ThreadControlChanged'
  const owners = {
    previousOwnerAppId: readId(member(change, 'previous_owner_app_id')),
    newOwnerAppId: readId(member(change, 'new_owner_app_id')),
  }
  const act = actOf(item, { type, kind: 'thread-control' }, around)
  return facts(engagement({ ...act, ...owners, type }, null))
}

function engaged(
  item: WebhookItem,
  { kind, mid }: { readonly kind: string; readonly mid: unknown },
  around: Surroundings,
): ItemResult {
  if (item.sender === null) return malformed(['sender.id'])
  const type = 'PersonEngaged'
  const act = actOf(item, { type, kind, mid: readFilledText(mid) }, around)
  return facts(engagement({ ...act, type, kind }, { psid: item.sender }))
}

function referralOf(item: WebhookItem, referral: JsonObject, around: Surroundings): ItemResult {
  if (item.sender === null) return malformed(['sender.id'])
  const type = 'ReferralReceived'
  const source = readId(member(referral, 'source'))
  const ref = readFilledText(member(referral, 'ref'))
  const act = actOf(item, { type, kind: 'referral' }, around)
  const content = ref === null ? {} : { ref }
  return facts(engagement({ ...act, type, source }, { psid: item.sender, ...content }))
}

/** What every act of a person carries. */
function actOf(item: WebhookItem, { type, kind, mid = null }: Act, around: Surroundings) {
  const psid = pageScopedUserId(item.sender ?? '')
  return {
    ...commonFields(item, around, { type, psid, kind, mid }),
    person: around.identity.person(item.page, psid),
    occurredAt: occurredAt(item, around),
    standby: item.standby,
    messageId: mid === null ? null : messageId(mid),
  }
}

function engagement(
  value: EngagementFact['value'] & { readonly person: PersonId },
  content: SealedContent | null,
): EngagementFact {
  return { topic: 'engagement', key: value.person, value, content }
}
