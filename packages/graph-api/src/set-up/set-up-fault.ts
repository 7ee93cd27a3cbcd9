/**
 * Why a call of set-up was refused: one sentence of ours and the next step. The platform's own text
 * only chooses the row, and is kept redacted.
 * @see Graph API documentation, "Handle Errors"; Messenger Platform documentation, "Error Codes"
 */
import type { GraphError } from '../read-error.ts'
import { redactText } from '../redact-text.ts'

export interface SetUpFault {
  /** Names the row, for machines. */
  readonly reason: SetUpReason
  readonly meaning: string
  readonly next: string
  /** Null where the platform gave no code, or was not reached. */
  readonly code: number | null
  readonly subcode: number | null
  /** The platform's words, redacted; for a connection, its cause. */
  readonly detail: string | null
  readonly fbtraceId: string | null
}

export type SetUpReason = keyof typeof SENTENCES

const LOG_IN = 'Log in again and hand over the new access token.'
const LATER = 'Nothing was changed: run the same command again.'

const SENTENCES = {
  'token-expired': ['The access token has expired', LOG_IN],
  'token-revoked': [
    'The access token died with a change of password, of role or of the app',
    LOG_IN,
  ],
  'token-invalid': ['The access token is none that the platform knows', LOG_IN],
  'permission-missing': [
    'The person did not grant the app what this call needs, or the app was not reviewed for it',
    'Grant pages_show_list, pages_messaging and pages_manage_metadata at the login, and see the ' +
      'review of the app.',
  ],
  'app-secret-wrong': [
    'META_APP_ID and META_APP_SECRET do not belong together',
    'Copy both from the basic settings of the app, the newest secret first.',
  ],
  'callback-not-verified': [
    'The platform called the webhook address and did not get its challenge back',
    'See that the address is reachable from outside by https and that META_VERIFY_TOKEN is the ' +
      'token given here.',
  ],
  'field-unknown': [
    'A name of this call is none that the platform knows',
    'Compare the fields with those of the webhook documentation of this GRAPH_VERSION.',
  ],
  'version-expired': [
    'GRAPH_VERSION is a version that the platform has ended',
    'Set GRAPH_VERSION to a living one.',
  ],
  throttled: ['The platform asks for fewer calls', 'Wait some minutes, then go on.'],
  unavailable: ['The platform could not answer just now', LATER],
  'not-reached': [
    'The platform was not reached, or its answer was lost',
    'See GRAPH_BASE_URL and the network, then run the same command again: it is harmless twice.',
  ],
  unreadable: ['The answer is not what the platform is known to answer', LATER],
  unlisted: ['The platform refused with a code that this build does not know', LATER],
} as const satisfies Record<string, readonly [meaning: string, next: string]>

/** Subcodes of 190: what became of the access token. */
const DEAD_TOKENS: ReadonlyMap<number, SetUpReason> = new Map([
  [463, 'token-expired'],
  ...[458, 459, 460, 464, 490, 492].map((subcode) => [subcode, 'token-revoked'] as const),
])
const THROTTLED = new Set([4, 17, 32, 613, 80001, 80006])
const PERMISSION = { code: 10, from: 200, to: 299 } as const
const CODES: ReadonlyMap<number, SetUpReason> = new Map([
  [101, 'app-secret-wrong'],
  [102, 'token-expired'],
  [2200, 'callback-not-verified'],
  [2635, 'version-expired'],
  [2, 'unavailable'],
])

/** The fault behind an error of the platform. */
export function faultOfError({ code, subcode, message, fbtraceId }: GraphError): SetUpFault {
  const reason = reasonOf(code, subcode, message)
  return { ...sentence(reason), code, subcode, detail: redactText(message), fbtraceId }
}

/** A fault that no error of the platform stands behind. */
export function faultWithout(
  reason: Extract<SetUpReason, 'not-reached' | 'unreadable' | 'token-invalid'>,
  detail: string | null,
): SetUpFault {
  return { ...sentence(reason), code: null, subcode: null, detail, fbtraceId: null }
}

function reasonOf(code: number, subcode: number | null, message: string): SetUpReason {
  if (code === 190) return DEAD_TOKENS.get(subcode ?? 0) ?? 'token-invalid'
  if (code === PERMISSION.code) return 'permission-missing'
  if (code >= PERMISSION.from && code <= PERMISSION.to) return 'permission-missing'
  if (THROTTLED.has(code)) return 'throttled'
  // Nothing but the text tells these apart: 1 is also any unknown fault of the platform.
  if (code === 1) return /client secret/i.test(message) ? 'app-secret-wrong' : 'unavailable'
  if (code === 100 && /appsecret_proof/i.test(message)) return 'app-secret-wrong'
  if (code === 100) return 'field-unknown'
  return CODES.get(code) ?? 'unlisted'
}

function sentence(reason: SetUpReason): Pick<SetUpFault, 'reason' | 'meaning' | 'next'> {
  const [meaning, next] = SENTENCES[reason]
  return { reason, meaning, next }
}
