/** The webhook fields of pages, and whether the app is told of an event. */
import { invalid, type Refused } from '../judgement.ts'
import type { WebhookEvent } from '../webhook-event.ts'
import type { World } from '../world.ts'

/** Of the enumeration in Meta's own SDK; `message_optins` of the guide is none of them. */
export const webhookFields = [
  'messages',
  'message_echoes',
  'message_edits',
  'message_reactions',
  'message_deliveries',
  'message_reads',
  'messaging_postbacks',
  'messaging_referrals',
  'messaging_optins',
  'messaging_optouts',
  'messaging_account_linking',
  'messaging_handovers',
  'messaging_policy_enforcement',
  'messaging_feedback',
  'messaging_integrity',
  'business_integrity',
  'message_template_status_update',
  'messenger_template_status_update',
  'response_feedback',
  'messaging_game_plays',
  'messaging_in_thread_lead_form_submit',
  'messaging_customer_information',
  'send_cart',
  'calls',
  'standby',
  'feed',
] as const

const KNOWN: ReadonlySet<string> = new Set(webhookFields)

/** The refusal of fields that Meta does not know, or null. */
export function unknownField(fields: readonly string[]): Refused | null {
  const unknown = fields.find((field) => !KNOWN.has(field))
  if (unknown === undefined) return null
  return invalid(`Param fields must be one of {${webhookFields.join(', ')}} - got "${unknown}".`)
}

/**
 * Whether the app is told of an event: the page must be followed, and the event's field chosen on
 * both levels, the app's and the page's.
 */
export function isFollowed(
  { unsubscribed, graph }: World,
  { pageId, field }: Pick<WebhookEvent, 'pageId' | 'field'>,
): boolean {
  if (unsubscribed.has(pageId)) return false
  const ofApp = graph.subscription?.fields ?? null
  const ofPage = graph.pageFields.get(pageId) ?? null
  if (ofApp === null && ofPage === null) return true
  return (ofApp?.includes(field) ?? true) && (ofPage?.includes(field) ?? true)
}
