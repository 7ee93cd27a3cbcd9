/** What an audit can find: one row per invariant, with the promise of design 4 that it rests on. */

export type Severity = 'critical' | 'warning'
/** Column of the summary line that a finding adds to. */
export type Count = 'lost' | 'doubled' | 'false verdicts' | 'unfinished'

interface Invariant {
  readonly severity: Severity
  readonly promise: string
  readonly sentence: string
  readonly counts?: Count
}

const row = (severity: Severity, promise: string, sentence: string, counts?: Count): Invariant => ({
  severity,
  promise,
  sentence,
  ...(counts === undefined ? {} : { counts }),
})

/** Every code with what it means. A code on the alarm topic is for ever: add, never rename. */
export const invariants = {
  // At most one message.
  'token-sent-twice': row('critical', 'G3', 'A token sent under two attempts', 'doubled'),
  'token-doubled': row('critical', 'G3', 'Two commands had one token at the same time'),
  'command-moved': row('critical', 'G3', 'After an unknown attempt the command left its token'),
  'probe-forbidden': row('critical', 'G3', 'An attempt follows 1/1357046, which may have sent'),
  'probes-exceeded': row('warning', 'G3', 'More attempts after an unknown one than are allowed'),
  'campaign-person-twice': row(
    'critical',
    'G3',
    'A campaign called for one person by two commands',
  ),
  'attempt-after-final': row('critical', 'G3', 'An attempt was begun after the final fact'),
  // No token wasted.
  'token-withheld': row('critical', 'G4', 'A definite failure did not give its token back'),
  // True verdicts.
  'two-finals': row('critical', 'G5', 'A command has two different final facts', 'false verdicts'),
  'final-while-unknown': row(
    'critical',
    'G5',
    'Called failed or cancelled while an attempt may have sent',
    'false verdicts',
  ),
  'inferred-without-doubt': row(
    'critical',
    'G5',
    'INFERRED, but no earlier attempt of the command was unknown',
    'false verdicts',
  ),
  'outcome-unattempted': row('critical', 'G6', 'An outcome without its attempt before it'),
  'attempt-closed-twice': row('critical', 'G5', 'An attempt has two outcomes that exclude another'),
  'refused-in-spite': row(
    'critical',
    'G5',
    'Refused for want of a token that had been granted before the command was asked for',
    'false verdicts',
  ),
  'settled-contradicted': row('critical', 'G5', 'A fact contradicts a command that had ended'),
  // Every command ends.
  'command-unanswered': row('warning', 'G8', 'A command got no fact in time', 'unfinished'),
  'attempt-unfinished': row('warning', 'G5', 'Nothing closes an attempt', 'unfinished'),
  'attempt-unclosed': row('critical', 'G5', 'A later attempt began before this one was closed'),
  'wait-overdue': row('warning', 'G5', 'A wait has not ended when it was due', 'unfinished'),
  'doubt-stands': row('warning', 'G5', 'In doubt, and no evidence has come'),
  // Consent.
  'token-not-granted': row('critical', 'G7', 'An attempt with a token of no opt-in on the log'),
  'token-of-another': row('critical', 'G7', 'The token belongs to another page or person'),
  'topic-not-agreed': row('critical', 'G7', 'The token was given for another topic'),
  'attempt-after-withdrawal': row('critical', 'G7', 'The consent was withdrawn before the attempt'),
  'attempt-after-expiry': row('critical', 'G7', 'The token was older than its year'),
  'page-not-connected': row('critical', 'G7', 'An attempt for a page that was never connected'),
  // One identity for one thing.
  'event-id-reused': row('critical', 'G6', 'Two facts of one eventId say different things'),
  'digest-differs': row('critical', 'G6', 'The digest on the facts is not the one of the command'),
  'rejected-itself': row('critical', 'G8', 'A repeat of the same command was rejected'),
  'record-unreadable': row('critical', 'G2', 'A record on an events topic cannot be read'),
  'personal-in-clear': row('critical', 'G2', 'What looks like an id of a person stands in clear'),
  // Against the hidden truth of a simulator.
  'delivered-twice': row('critical', 'G3', 'Two messages reached a person', 'doubled'),
  'sent-undelivered': row('critical', 'G5', 'Called sent, and nothing arrived', 'false verdicts'),
  'failed-yet-delivered': row(
    'critical',
    'G5',
    'Called failed or cancelled, and the message arrived',
    'false verdicts',
  ),
  'delivery-unattempted': row('critical', 'G8', 'A message arrived without an attempt', 'lost'),
  'opt-in-lost': row('critical', 'G1', 'An opt-in answered 200 is not on the log', 'lost'),
} as const satisfies Record<string, Invariant>

export type FindingCode = keyof typeof invariants

/** One broken invariant about one thing. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  readonly promise: string
  /** `command 1000:c-1`, `token 1934…`, or a place on the log. */
  readonly subject: string
  readonly pageId: string | null
  /** One line for people, without personal data. */
  readonly sentence: string
  /** When the broker took the record that shows it, ms since the epoch. */
  readonly sinceMs: number
}

export interface FindingInput {
  readonly subject: string
  readonly pageId: string | null
  /** What is particular about this one; follows the sentence of the code. */
  readonly detail: string
  readonly sinceMs: number
}

export function finding(code: FindingCode, input: FindingInput): Finding {
  const { subject, pageId, detail, sinceMs } = input
  const { severity, promise, sentence } = invariants[code]
  return { code, severity, promise, subject, pageId, sentence: `${sentence}: ${detail}`, sinceMs }
}

/** What a finding is known by: the same one found again is the same one. */
export function findingKey({ code, subject }: Pick<Finding, 'code' | 'subject'>): string {
  return `${code} ${subject}`
}

/** The column of the summary that a finding counts in; null = none. */
export function countOf({ code }: Pick<Finding, 'code'>): Count | null {
  const invariant: Invariant = invariants[code]
  return invariant.counts ?? null
}

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(invariants, text)
}
