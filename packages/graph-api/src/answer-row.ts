import type { ReasonCode } from '@otn/contracts'
import type { AddressedBy, Owner, RetryPolicy } from './classification.ts'

/**
 * `100` = the code without subcode, `100/33` = with this one, `190/*` = with any. Only rows that
 * pause or doubt may say `*`: what is not listed must never become a failure.
 */
export type CodePattern = `${number}` | `${number}/${number}` | `${number}/*`

export type RowVerdict =
  | { readonly class: 'throttled'; readonly scope: 'app' | 'page' }
  | { readonly class: 'unknown'; readonly probe: 'allowed' | 'never' }
  | { readonly class: 'refused' }
  | { readonly class: 'token-refused'; readonly verdict: 'suspect' | 'dead' }
  | {
      readonly class: 'page-stopped'
      readonly standing: 'auth-lost' | 'blocked' | 'capability-missing'
      readonly affects: 'page' | 'optin-requests'
    }

/** One row of the answer table: which codes, what they mean, who acts, whether to repeat. */
export interface AnswerRow {
  /** Names the row in records and its recorded answer under `fixtures/answers`. */
  readonly id: string
  readonly codes: readonly CodePattern[]
  /** The row holds only for messages addressed so. */
  readonly on: AddressedBy | 'any'
  /** The row holds only where the platform's text says so: nothing else tells them apart. */
  readonly text: RegExp | null
  readonly meaning: string
  readonly verdict: RowVerdict
  /** Whether a one-time token is spent by a call that was answered so. */
  readonly spent: 'no' | 'unknown'
  readonly owner: Owner
  readonly reason: ReasonCode
  readonly retry: RetryPolicy
}

interface RowBasics {
  readonly codes: readonly CodePattern[]
  readonly on?: AddressedBy
  readonly meaning: string
  readonly owner: Owner
}

interface RefusalRow extends RowBasics {
  readonly reason: ReasonCode
  readonly retry: RetryPolicy
}

/** Too many calls: the bucket pauses, the attempt does not count. */
export function throttled(id: string, row: RowBasics & { scope: 'app' | 'page' }): AnswerRow {
  return {
    ...basics(id, row),
    verdict: { class: 'throttled', scope: row.scope },
    spent: 'no',
    reason: 'rate-limited',
    retry: 'after-pause',
  }
}

/** The message may be out, in spite of the error. */
export function unknown(id: string, row: RowBasics & { probe: 'allowed' | 'never' }): AnswerRow {
  return {
    ...basics(id, row),
    verdict: { class: 'unknown', probe: row.probe },
    spent: 'unknown',
    reason: 'outcome-unknown',
    retry: row.probe === 'allowed' ? 'after-settling' : 'echo-only',
  }
}

/** Nothing went out by this call, and its repeat would end likewise. */
export function refused(id: string, row: RefusalRow): AnswerRow {
  return {
    ...basics(id, row),
    verdict: { class: 'refused' },
    spent: 'no',
    reason: row.reason,
    retry: row.retry,
  }
}

/** The token was not honoured by this call. */
export function tokenRefused(
  id: string,
  row: RowBasics & { reason: ReasonCode; verdict: 'suspect' | 'dead' },
): AnswerRow {
  return {
    ...basics(id, row),
    on: 'token',
    verdict: { class: 'token-refused', verdict: row.verdict },
    spent: 'no',
    reason: row.reason,
    retry: 'never',
  }
}

type PageStop = Extract<RowVerdict, { class: 'page-stopped' }>

const STANDING_REASONS = {
  'auth-lost': 'page-auth-lost',
  blocked: 'page-blocked',
  'capability-missing': 'page-capability-missing',
} as const satisfies Record<PageStop['standing'], ReasonCode>

/** The page may not send until somebody acts. */
export function pageStopped(
  id: string,
  row: RowBasics & { standing: PageStop['standing']; affects?: PageStop['affects']; text?: RegExp },
): AnswerRow {
  const affects = row.affects ?? 'page'
  return {
    ...basics(id, row),
    text: row.text ?? null,
    verdict: { class: 'page-stopped', standing: row.standing, affects },
    spent: 'no',
    reason: STANDING_REASONS[row.standing],
    retry: 'after-pause',
  }
}

function basics(id: string, { codes, on, meaning, owner }: RowBasics) {
  return { id, codes, on: on ?? ('any' as const), text: null, meaning, owner }
}
