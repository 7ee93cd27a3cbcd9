import { assertNever } from '@otn/kernel'
import type { AnswerRow } from './answer-row.ts'
import { ANSWER_TABLE_VERSION, findRow } from './answer-table.ts'
import type {
  AnswerDetail,
  Classification,
  ClassifyContext,
  CodePair,
  Judged,
} from './classification.ts'
import type { Answered, GraphObservation, NotSentCause, UnknownCause } from './observation.ts'
import { type GraphError, readAnswer } from './read-error.ts'
import { redactText, redactTraceId, redactWord } from './redact-text.ts'
import { readUsage } from './usage.ts'
import { waitMs } from './wait-ms.ts'

/**
 * Judges what was seen of a call. `sent` only on a 200 with a message id; a failure only for a code
 * that the table lists; everything else may have been sent, or is unlisted, which means the same.
 * Pure and total: any answer, however hostile, gets a verdict.
 */
export function classify(observation: GraphObservation, context: ClassifyContext): Classification {
  switch (observation.seen) {
    case 'not-sent':
      return notReached(observation.cause)
    case 'unknown':
      return noAnswer(observation.cause)
    case 'answered':
      return judgeAnswer(observation, context)
    default:
      return assertNever(observation)
  }
}

function notReached(cause: NotSentCause): Classification {
  if (cause === 'page-token-invalid') {
    return {
      ...judged({ row: 'page-token-invalid', owner: 'page', retry: 'after-pause' }),
      class: 'page-stopped',
      reason: 'page-auth-lost',
      standing: 'auth-lost',
      affects: 'page',
    }
  }
  return {
    ...judged({ row: 'not-reached', owner: 'operator', retry: 'later' }),
    class: 'not-sent',
    kind: 'not-reached',
    reason: 'not-reached',
    cause,
  }
}

function noAnswer(cause: UnknownCause): Classification {
  return doubtful(judged({ row: 'no-answer', owner: 'platform', retry: 'after-settling' }), cause)
}

function judgeAnswer(answered: Answered, context: ClassifyContext): Classification {
  const answer = readAnswer(answered.json)
  if (answer.kind === 'error') return judgeError({ answered, context, error: answer.error })
  const usage = readUsage(answered.headers)
  const seen = { usage, detail: detailOf(answered, null) }
  if (answer.kind === 'message' && answered.status === 200) {
    const success = judged({ row: 'success', owner: 'nobody', retry: 'never', ...seen })
    return { ...success, class: 'sent', messageId: answer.messageId }
  }
  if (answer.kind === 'unreadable' && answered.status === 429) {
    return {
      ...judged({ row: 'http-429', owner: 'operator', retry: 'after-pause', ...seen }),
      class: 'not-sent',
      kind: 'throttled',
      reason: 'rate-limited',
      scope: 'page',
      waitMs: waitMs({ headers: answered.headers, usage, scope: 'page' }),
    }
  }
  const row = answered.status >= 500 ? 'server-error' : 'unreadable'
  return doubtful(judged({ row, owner: 'platform', retry: 'after-settling', ...seen }))
}

interface ErrorInput {
  readonly answered: Answered
  readonly context: ClassifyContext
  readonly error: GraphError
}

function judgeError(input: ErrorInput): Classification {
  const { answered, context, error } = input
  const seen = { usage: readUsage(answered.headers), detail: detailOf(answered, error) }
  if (error.isTransient !== true && answered.status < 500 && isTokenUsed(input)) {
    return {
      ...judged({ row: 'token-used', owner: 'person', retry: 'never', ...seen }),
      class: 'token-used',
      reason: 'token-spent',
    }
  }
  const row = findRow({ ...error, addressedBy: context.addressedBy, text: error.message })
  if (row === null) {
    return {
      ...judged({ row: 'unlisted', owner: 'operator', retry: 'after-settling', ...seen }),
      class: 'unlisted',
      reason: 'graph-unlisted',
    }
  }
  return judgeRow(row, input, judged({ ...row, row: row.id, ...seen }))
}

function judgeRow(row: AnswerRow, { answered, error }: ErrorInput, base: Judged): Classification {
  const { verdict, reason } = row
  if (verdict.class === 'unknown') {
    // The platform's word that a repeat is no use ends repeats; it does not prove a failure.
    return doubtful(error.isTransient === false ? { ...base, retry: 'echo-only' } : base)
  }
  // A server that failed half-way may have sent before it failed, whatever it says.
  if (answered.status >= 500) {
    return doubtful({ ...base, retry: 'after-settling' })
  }
  switch (verdict.class) {
    case 'throttled': {
      const { scope } = verdict
      const wait = waitMs({ headers: answered.headers, usage: base.usage, scope })
      return { ...base, class: 'not-sent', kind: 'throttled', reason, scope, waitMs: wait }
    }
    case 'page-stopped':
      return { ...base, ...verdict, reason }
    case 'refused':
    case 'token-refused':
      // A failure that calls itself passing is none to rely on.
      if (error.isTransient === true) return doubtful({ ...base, retry: 'after-settling' })
      return { ...base, ...verdict, reason }
    default:
      return assertNever(verdict)
  }
}

function doubtful(base: Judged, cause: UnknownCause | 'answer' = 'answer'): Classification {
  const probe = base.retry === 'echo-only' ? 'never' : 'allowed'
  return { ...base, class: 'unknown', reason: 'outcome-unknown', cause, probe }
}

function isTokenUsed({ context, error }: ErrorInput): boolean {
  if (context.addressedBy !== 'token') return false
  const isIt = ({ code, subcode }: CodePair) => code === error.code && subcode === error.subcode
  return context.tokenUsedCodes?.some(isIt) === true
}

function judged(
  input: Pick<Judged, 'row' | 'owner' | 'retry'> & Partial<Pick<Judged, 'detail' | 'usage'>>,
): Judged {
  return {
    row: input.row,
    tableVersion: ANSWER_TABLE_VERSION,
    retry: input.retry,
    owner: input.owner,
    detail: input.detail ?? null,
    usage: input.usage ?? [],
  }
}

function detailOf({ status }: Answered, error: GraphError | null): AnswerDetail {
  return {
    status,
    code: error?.code ?? null,
    subcode: error?.subcode ?? null,
    type: redactWord(error?.type ?? null),
    fbtraceId: redactTraceId(error?.fbtraceId ?? null),
    isTransient: error?.isTransient ?? null,
    text: textOf(error),
  }
}

/** The platform says some things twice: in its message and again in the text for people. */
function textOf(error: GraphError | null): string | null {
  const texts = error === null ? [] : [error.message, ...error.forPeople]
  const kept = new Set(texts.flatMap((text) => redactText(text) ?? []))
  return kept.size === 0 ? null : [...kept].join(' · ')
}
