/**
 * A rule as data, and the one function that applies a set of them. Pure: what a rule looks at is
 * all in the situation; it asks no clock, nobody else and no chance.
 */
import type { ReasonCode } from '@otn/contracts'

/** The sentence a rule rests on. */
export interface Source {
  /** Id of the requirement, such as `S0-12`. */
  readonly id: string
  readonly sentence: string
}

/** What a rule found, where it found something. */
export interface Finding {
  /** `flag`: it may go on, and is told of. */
  readonly kind: 'refuse' | 'flag'
  /** Where the rule knows several; else its own. */
  readonly reason?: ReasonCode
  /** What stands in the braces of the rule's text. Nothing of a person's, nothing secret. */
  readonly facts?: Readonly<Record<string, string | number>>
}

export interface Rule<Situation> {
  /** Kebab-case, for ever: facts name it. */
  readonly id: string
  /** Goes up with every change of what the rule decides or says. */
  readonly version: number
  readonly source: Source
  readonly reason: ReasonCode
  /** Verdict text, one line; `{name}` stands for a fact of the finding. */
  readonly text: string
  /** What whom it stopped does next. */
  readonly next: string
  /** Null = the situation keeps the rule; `unasked` = it does not tell yet. */
  readonly judge: (situation: Situation) => Finding | 'unasked' | null
}

export interface RuleSet<Situation> {
  readonly name: string
  /** In the order in which they are applied. */
  readonly rules: readonly Rule<Situation>[]
}

/** What one rule says of one situation. */
export interface Verdict {
  readonly rule: string
  readonly source: Source
  readonly kind: 'pass' | 'unasked' | 'flag' | 'refuse'
  /** Null unless it refuses or flags; so is what follows. */
  readonly reason: ReasonCode | null
  readonly text: string | null
  readonly next: string | null
}

export interface Refusal extends Verdict {
  readonly kind: 'refuse'
  readonly reason: ReasonCode
  readonly text: string
  readonly next: string
}

export interface Evaluation {
  /** One per rule, in the order of the set. */
  readonly verdicts: readonly Verdict[]
  /** The first refusing verdict, which decides; null = it may go on. */
  readonly refusal: Refusal | null
  readonly flags: readonly Verdict[]
  /** Of the rules that were applied, whatever they said. */
  readonly rulesVersion: string
}

/** Applies each rule of a set, in its order; none is left out because another one refused. */
export function evaluate<Situation>(set: RuleSet<Situation>, situation: Situation): Evaluation {
  const verdicts = set.rules.map((rule) => verdictOf(rule, situation))
  return {
    verdicts,
    refusal: verdicts.find(isRefusal) ?? null,
    flags: verdicts.filter(({ kind }) => kind === 'flag'),
    rulesVersion: rulesVersionOf(set),
  }
}

/** Name of the set and the sum of its rules' versions: it goes up with each of them. */
export function rulesVersionOf({ name, rules }: Pick<RuleSet<never>, 'name' | 'rules'>): string {
  return `${name}/${rules.reduce((sum, { version }) => sum + version, 0)}`
}

function verdictOf<Situation>(rule: Rule<Situation>, situation: Situation): Verdict {
  const { id, source, next } = rule
  const found = rule.judge(situation)
  const said = { rule: id, source, reason: null, text: null, next: null }
  if (found === null) return { ...said, kind: 'pass' }
  if (found === 'unasked') return { ...said, kind: 'unasked' }
  const { kind, reason = rule.reason, facts = {} } = found
  const text = rule.text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? name))
  return { rule: id, source, kind, reason, text, next }
}

function isRefusal(verdict: Verdict): verdict is Refusal {
  return verdict.kind === 'refuse'
}

const REFUSED: Finding = { kind: 'refuse' }

export function refusedIf(isBroken: boolean): Finding | null {
  return isBroken ? REFUSED : null
}
