/** What a person has to look at, beside what becomes of the command. Pure. */
import { DAY_MS } from '@otn/kernel'
import type { ProposedToken } from './choose-token.ts'
import type { Command } from './command.ts'
import type { CallOutcome, Verdict } from './decide-outcome.ts'

export interface Alarm {
  /** Kebab-case, for ever. */
  readonly alarm: 'token-spent-elsewhere' | 'page-stopped'
  readonly severity: 'warning' | 'critical'
  /** What it is about: `token …`, `page …`. */
  readonly subject: string
  /** Raised for the same, it is the same alarm. */
  readonly same: readonly string[]
  /** One line, nothing personal. */
  readonly detail: string
}

interface Seen {
  readonly command: Pick<Command, 'pageId' | 'commandId'>
  readonly outcome: CallOutcome
  readonly verdict: Verdict
  readonly token: Pick<ProposedToken, 'tokenId' | 'refusals'> | null
  /** Business clock. */
  readonly nowMs: number
}

/** Null where nobody has to look at anything. */
export function alarmOf(seen: Seen): Alarm | null {
  return pageAlarm(seen) ?? tokenAlarm(seen)
}

/**
 * The platform stopped the page until somebody acts. Its commands wait and are told so one by one;
 * the alarm is one a day and reason, however many calls find out.
 */
function pageAlarm({ command: { pageId }, outcome, nowMs }: Seen): Alarm | null {
  if (outcome.kind !== 'not-sent' || outcome.graphCode === null) return null
  if (!outcome.pause?.untilPageEvent) return null
  const { reason, graphCode, graphSubcode } = outcome
  const code = graphSubcode === null ? graphCode : `${graphCode}/${graphSubcode}`
  const said = `The platform answered ${code} (${reason})`
  return {
    ...{ alarm: 'page-stopped', severity: 'critical', subject: `page ${pageId}` },
    same: [reason, String(Math.floor(nowMs / DAY_MS))],
    detail: `${said}: nothing of the page goes out until that is mended. See otn why ${code}.`,
  }
}

/**
 * A token that the platform calls used, or refuses to the second command, though our books never
 * spent it: a token that we spent stays with its command, so nobody can call with it again.
 */
function tokenAlarm({ command, outcome, verdict, token }: Seen): Alarm | null {
  if (token === null || verdict.kind !== 'fact') return null
  if (verdict.draft.type !== 'NotificationFailed') return null
  const said = saysSpent(outcome, token.refusals)
  if (said === null) return null
  const detail =
    `${said}, and we never spent it: another app or deployment may have, or the person ` +
    'took it back. See who else uses the page.'
  const { tokenId } = token
  const about = { subject: `token ${tokenId}`, same: [tokenId, command.commandId] }
  return { alarm: 'token-spent-elsewhere', severity: 'warning', ...about, detail }
}

/** One bare refusal is a suspicion; what a command made wrong may cause it as well. */
function saysSpent(outcome: CallOutcome, refusals: number): string | null {
  if (outcome.kind === 'token-used') return 'The platform calls the token used'
  const isRejected = outcome.kind === 'refused' && outcome.reason === 'token-rejected'
  return isRejected && refusals > 0 ? 'The platform refused the token to two commands' : null
}
