/** What a person has to look at, beside what becomes of the command. Pure. */
import type { TokenId } from '@otn/kernel'
import type { ProposedToken } from './choose-token.ts'
import type { CallOutcome, Verdict } from './decide-outcome.ts'

export interface Alarm {
  /** Kebab-case, for ever. */
  readonly alarm: 'token-spent-elsewhere'
  readonly severity: 'warning'
  readonly tokenId: TokenId
  /** One line, nothing personal. */
  readonly detail: string
}

interface Seen {
  readonly outcome: CallOutcome
  readonly verdict: Verdict
  readonly token: Pick<ProposedToken, 'tokenId' | 'refusals'> | null
}

/**
 * A token that the platform calls used, or refuses to the second command, though our books never
 * spent it: a token that we spent stays with its command, so nobody can call with it again.
 */
export function alarmOf({ outcome, verdict, token }: Seen): Alarm | null {
  if (token === null || verdict.kind !== 'fact') return null
  if (verdict.draft.type !== 'NotificationFailed') return null
  const said = saysSpent(outcome, token.refusals)
  if (said === null) return null
  const detail =
    `${said}, and we never spent it: another app or deployment may have, or the person ` +
    'took it back. See who else uses the page.'
  const { tokenId } = token
  return { alarm: 'token-spent-elsewhere', severity: 'warning', tokenId, detail }
}

/** One bare refusal is a suspicion; what a command made wrong may cause it as well. */
function saysSpent(outcome: CallOutcome, refusals: number): string | null {
  if (outcome.kind === 'token-used') return 'The platform calls the token used'
  const isRejected = outcome.kind === 'refused' && outcome.reason === 'token-rejected'
  return isRejected && refusals > 0 ? 'The platform refused the token to two commands' : null
}
