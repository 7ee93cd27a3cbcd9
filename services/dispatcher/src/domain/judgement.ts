/** What the rules of the policy say of a command, as facts tell it. */
import type { ReasonCode } from '@otn/contracts'
import type { Evaluation, Verdict } from '@otn/policy'
import type { Ruling } from './fact-draft.ts'

/** Why a command may not go ahead, and the rule that says so. */
export interface RuledOut {
  readonly reason: ReasonCode
  readonly ruling: Ruling
}

export interface Judgement {
  readonly refusal: RuledOut | null
  /** What is permitted and told all the same; null = nothing. */
  readonly advice: Ruling | null
  /** Of every rule, in their order. */
  readonly verdicts: readonly Verdict[]
}

export function judgementOf({ verdicts, refusal, flags, rulesVersion }: Evaluation): Judgement {
  const [first] = flags
  const ruling = (rule: string, detail: string | null): Ruling => ({ rule, rulesVersion, detail })
  return {
    verdicts,
    refusal: refusal && { reason: refusal.reason, ruling: ruling(refusal.rule, refusal.text) },
    advice: first
      ? ruling(first.rule, flags.map(({ text, next }) => `${text}. ${next}`).join(' '))
      : null,
  }
}
