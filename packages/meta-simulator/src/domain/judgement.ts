import type { Fact } from './facts.ts'
import { faultOf, type Situation } from './faults.ts'
import { spentTokenAnswers } from './faults-of-tokens.ts'
import { failure, type GraphAnswer } from './graph-answer.ts'
import type { GraphContext } from './graph-context.ts'

/** An answer, and the facts that are true once it is given. */
export interface Judgement {
  readonly answer: GraphAnswer
  readonly facts: readonly Fact[]
}

/** Why a call is refused, with what was wrong. */
export interface Refused {
  readonly situation: Situation
  readonly detail?: string
}

/** A call that cannot be judged before this callback has echoed a challenge. */
export interface HandshakeWanted {
  readonly callbackUrl: string
  readonly verifyToken: string
}

/** What comes of a call that reached its place. */
export type Outcome = Judgement | Refused | HandshakeWanted

/** A refusal because of one parameter, with a text that names it. */
export function invalid(detail: string): Refused {
  return { situation: 'parameter-invalid', detail }
}

/** Whether a reading ended in a refusal. */
export function isRefused(value: object): value is Refused {
  return 'situation' in value
}

/** Whether a judgement waits for a handshake. */
export function wantsHandshake(value: object): value is HandshakeWanted {
  return 'callbackUrl' in value && 'verifyToken' in value
}

/** The judgement that refuses a call; nothing becomes true. */
export function refusal({ situation, detail }: Refused, context: GraphContext): Judgement {
  const { answers, spentTokenAnswer } = context.switches
  const spent = situation === 'token-spent' ? spentTokenAnswers[spentTokenAnswer] : {}
  const variants = { ...answers, [situation]: { ...spent, ...answers[situation] } }
  const fault = faultOf(situation, variants, detail)
  return { answer: failure(fault, context.fresh.traceId), facts: [] }
}
