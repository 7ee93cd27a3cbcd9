/**
 * Kinds of items that do not concern us, counted under their own name. The list is closed because
 * names become labels of a metric, and a stranger's JSON must not make new ones.
 */
const MEMBERS = [
  'app_roles',
  'calls',
  'game_play',
  'message_edit',
  'messaging_customer_information',
  'messaging_feedback',
  'messaging_in_thread_lead_form_submit',
  'optout',
  'order',
  'request_thread_control',
  'response_feedback',
  'send_cart',
] as const

const JUDGED = [
  'message-deleted',
  'page-mismatch',
  'reaction-withdrawn',
  'entry-change',
  'object-instagram',
  'object-other',
  'other',
] as const

export const countedKinds = [...MEMBERS, ...JUDGED] as const

export type CountedKind = (typeof countedKinds)[number]

/** Which known kind an item is by its members; `other` where it is none. */
export function kindOf(item: Readonly<Record<string, unknown>>): CountedKind {
  return MEMBERS.find((name) => Object.hasOwn(item, name)) ?? 'other'
}
