/** Which fields of a page the app is told of. Pure. */

/** Without it no consent reaches us. */
export const OPT_IN_FIELD = 'messaging_optins'

/** The guides write the first; the platform knows the second alone (design 10). */
const ALIASES: ReadonlyMap<string, string> = new Map([['message_optins', OPT_IN_FIELD]])

/**
 * What the ingress makes facts of.
 * @see Messenger Platform documentation, "Webhooks", fields of a page
 */
export const DEFAULT_FIELDS = [
  OPT_IN_FIELD,
  'messages',
  'messaging_postbacks',
  'message_reactions',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'messaging_referrals',
  'messaging_account_linking',
  'messaging_handovers',
  'messaging_policy_enforcement',
  'standby',
] as const

/** Fields as the platform names them, each once. */
export function fieldsOf(given: readonly string[]): readonly string[] {
  return [...new Set(given.map((field) => ALIASES.get(field) ?? field))]
}

/** Of the wanted fields, those that are not subscribed. */
export function missingFields(
  wanted: readonly string[],
  subscribed: readonly string[],
): readonly string[] {
  const there = new Set(fieldsOf(subscribed))
  return wanted.filter((field) => !there.has(field))
}
