/** Which webhook fields a deployment lives on. */

/** The field of consent, and the name that the guide gives it. */
const OPT_IN = ['messaging_optins', 'message_optins'] as const
/** Without them windows, echoes and standing are not known. */
const USEFUL = ['messages', 'message_echoes', 'messaging_postbacks', 'messaging_policy_enforcement']

export const CONNECT = 'pnpm otn pages connect PAGE'

/** The field of consent where neither of its names is there; else null. */
export function missingField(fields: readonly string[]): string | null {
  return OPT_IN.some((name) => fields.includes(name)) ? null : OPT_IN[0]
}

export function missingUseful(fields: readonly string[]): readonly string[] {
  return USEFUL.filter((name) => !fields.includes(name))
}
