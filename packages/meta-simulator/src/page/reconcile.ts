/**
 * Meta's truth beside what our services can know of it, in words. This is the lesson of the whole
 * system: a call without an answer has happened or has not, and nobody but Meta can tell.
 */
import type { TokenState } from '../domain/token-state.ts'

export interface TruthOfToken {
  readonly state: TokenState
  readonly deliveries: number
  readonly calls: number
}

export interface KnownToken {
  /** The ledger's word: live, reserved, in-doubt, redeemed, expired, rejected, withdrawn. */
  readonly state: string
}

export interface KnownCommand {
  /** The dispatcher's word: open, attempting, sent, failed, in-doubt, cancelled. */
  readonly state: string
  readonly certainty: string | null
  /** How its newest call ended: unanswered, in-doubt, not-sent, refused, sent. */
  readonly lastEnding: string | null
}

export interface Knowledge {
  readonly token: KnownToken | null
  readonly command: KnownCommand | null
}

/** `agree` and `careful` need nobody; `behind` passes; `doubt` is held; `broken` is an alarm. */
export type VerdictKind = 'agree' | 'careful' | 'behind' | 'doubt' | 'broken'

export interface Verdict {
  readonly kind: VerdictKind
  readonly title: string
  readonly text: string
  /** How the two sides are brought together from here; empty where there is nothing to do. */
  readonly steps: readonly string[]
}

/** What a doubt goes through, in this order; the dispatcher's settle window lies between. */
const SETTLING = [
  'Now: it does not guess. The token is held, and no other one is spent instead.',
  'An echo webhook with the sealed metadata of this very call proves that it went out.',
  'No echo: the same token is tried again, which cannot deliver twice. Meta takes a token once.',
  'A refusal that does not say why proves nothing: then the doubt stays on the books, for a ' +
    'person to settle.',
] as const

const PROOFS: Readonly<Record<string, string>> = {
  CONFIRMED: 'Meta answered the call.',
  ECHOED:
    'No answer came. The echo webhook brought back the sealed metadata of this very call, and ' +
    'that proves it went out.',
  INFERRED:
    'No answer and no echo came. The same token was sent again, and Meta refused it as used; so ' +
    'the first call had gone out.',
  OPERATOR: 'A person looked and said so.',
}

/** How the two sides stand to each other, and what brings them together. */
export function reconcile(truth: TruthOfToken, knowledge: Knowledge): Verdict {
  const { token, command } = knowledge
  if (truth.deliveries > 1) {
    return verdict('broken', 'Delivered twice', 'This must never happen: one token, one message.')
  }
  if (token === null) {
    const text = 'The tap’s webhook is not folded yet. No API lists tokens, so until it arrives…'
    return verdict('behind', 'Not known yet', `${text} this consent exists at Meta alone.`)
  }
  return truth.state === 'SPENT' ? ofSpent(token, command) : ofUnspent(truth, token, command)
}

function ofSpent(token: KnownToken, command: KnownCommand | null): Verdict {
  if (token.state === 'redeemed') {
    const proof = PROOFS[command?.certainty ?? ''] ?? 'The log says it was sent.'
    return verdict('agree', 'Both sides: spent', proof)
  }
  if (isInDoubt(token, command)) {
    const text = 'The person has the message, but no answer came back. For the dispatcher this '
    return verdict('doubt', 'Sent, and nobody here can know', `${text}${NO_DIFFERENCE}`)
  }
  if (token.state === 'live' || token.state === 'reserved') {
    const text = 'The message is out. The answer is on its way through the log to the ledger.'
    return verdict('behind', 'On its way', text)
  }
  const text = `Meta spent the token, the ledger calls it ${token.state}.`
  return verdict('broken', 'The two sides disagree', text)
}

const NO_DIFFERENCE = 'looks exactly like the opposite case.'

function ofUnspent(truth: TruthOfToken, token: KnownToken, command: KnownCommand | null): Verdict {
  if (token.state === 'redeemed') {
    const text = 'The ledger calls the token spent, but Meta never delivered a message for it.'
    return verdict('broken', 'The two sides disagree', text)
  }
  if (truth.calls === 0 && isInDoubt(token, command)) {
    return verdict('behind', 'About to call', 'The dispatcher wrote down that it will, then calls.')
  }
  if (isInDoubt(token, command)) {
    const text = 'Nothing went out, but no answer came back either. For the dispatcher this '
    return verdict('doubt', 'Not sent, and nobody here can know', `${text}${NO_DIFFERENCE}`)
  }
  if (truth.state === 'EXPIRED') {
    return token.state === 'expired'
      ? verdict('agree', 'Both sides: expired', 'The year is over. The token was never used.')
      : verdict('behind', 'Expired at Meta', 'The ledger follows the clock within moments.')
  }
  if (token.state === 'live' || token.state === 'reserved') {
    return verdict('agree', 'Both sides: free', 'One message about this topic may still go out.')
  }
  return verdict('careful', `Meta would take it, we call it ${token.state}`, whyNot(token.state))
}

function whyNot(state: string): string {
  if (state === 'expired') return 'The ledger stops 24 hours early, in case Meta counts otherwise.'
  if (state === 'withdrawn') return 'The person wants no such message any more; that decides.'
  return 'The ledger offers it to no command.'
}

function isInDoubt(token: KnownToken, command: KnownCommand | null): boolean {
  if (token.state === 'in-doubt' || command?.state === 'in-doubt') return true
  return command?.lastEnding === 'unanswered' || command?.lastEnding === 'in-doubt'
}

function verdict(kind: VerdictKind, title: string, text: string): Verdict {
  return { kind, title, text, steps: kind === 'doubt' ? SETTLING : [] }
}
