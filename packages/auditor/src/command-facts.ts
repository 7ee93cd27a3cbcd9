/**
 * What is known of one command: how often it was asked for, and its facts. A join of what records
 * say: their order and their repeats make no difference.
 */
import { earlier, type Place } from './audit-record.ts'
import { type Fact, type FactKind, isFinal } from './fact.ts'

/** A `Notify` of this id; copies of one digest are one wish. */
export interface Asked {
  readonly digest: string
  readonly place: Place
}

/** What is kept of a command that has ended: enough to know a repeat from a contradiction. */
export interface Settled {
  readonly digest: string
  readonly final: Pick<Fact, 'kind' | 'deciding' | 'attempt' | 'messageId' | 'at' | 'place'>
  /** Kinds of facts about attempt 1, 2, …; in place of the facts. */
  readonly attempts: readonly (readonly FactKind[])[]
}

export interface CommandFacts {
  readonly key: string
  readonly pageId: string
  readonly asked: readonly Asked[]
  /** Once settled: only what does not repeat what had been settled. */
  readonly facts: readonly Fact[]
  readonly settled: Settled | null
}

export function newCommand(key: string, pageId: string): CommandFacts {
  return { key, pageId, asked: [], facts: [], settled: null }
}

export function withAsked(command: CommandFacts, told: Asked): CommandFacts {
  if (command.settled?.digest === told.digest) return command
  const known = command.asked.find(({ digest }) => digest === told.digest)
  if (known && earlier(known.place, told.place) === known.place) return command
  const others = command.asked.filter((asked) => asked !== known)
  return { ...command, asked: [...others, told] }
}

/** The very same object where the fact repeats what is known. */
export function withFact(command: CommandFacts, told: Fact): CommandFacts {
  if (command.settled !== null && repeatsSettled(command.settled, told)) return command
  const known = command.facts.find((fact) => isSame(fact, told))
  if (known && earlier(known.place, told.place) === known.place) return command
  const others = command.facts.filter((fact) => fact !== known)
  return { ...command, facts: [...others, told] }
}

/** The command with its facts in short: to be called once it has ended and nothing is owed. */
export function settle(command: CommandFacts): CommandFacts {
  const final = command.facts.find(isFinal)
  if (final === undefined || command.settled !== null) return command
  const { kind, deciding, attempt, messageId, at, place, digest } = final
  const kept = { kind, deciding, attempt, messageId, at, place }
  const last = Math.max(0, ...command.facts.map((fact) => fact.attempt))
  const attempts = Array.from({ length: last }, (_, index) => [
    ...new Set(command.facts.filter((fact) => fact.attempt === index + 1).map((fact) => fact.kind)),
  ])
  // What was rejected stays: another copy of it may come and has its answer then.
  const facts = command.facts.filter((fact) => fact.kind === 'rejected')
  return { ...command, asked: [], facts, settled: { digest, final: kept, attempts } }
}

export function finalsOf({ facts }: CommandFacts): readonly Fact[] {
  return facts.filter(isFinal)
}

/** How a command ended: the final fact, also of one that is kept in short. */
export function finalOf(command: CommandFacts): Settled['final'] | null {
  return command.settled?.final ?? finalsOf(command)[0] ?? null
}

export function isInDoubt(command: CommandFacts): boolean {
  return finalOf(command) === null && command.facts.some(({ kind }) => kind === 'in-doubt')
}

/** Attempts in their order, each once, the first record of it. */
export function attemptsOf({ facts }: CommandFacts): readonly Fact[] {
  return facts.filter(({ kind }) => kind === 'attempted').toSorted((a, b) => a.attempt - b.attempt)
}

const CLOSING: ReadonlySet<FactKind> = new Set(['scheduled', 'sent', 'failed', 'in-doubt'])

/** What closed an attempt; empty = nothing did. */
export function endingsOf({ facts }: CommandFacts, attempt: number): readonly Fact[] {
  return facts.filter((fact) => fact.attempt === attempt && CLOSING.has(fact.kind))
}

function isSame(a: Fact, b: Fact): boolean {
  return a.eventId === b.eventId && a.deciding === b.deciding && a.messageId === b.messageId
}

/**
 * A record about an attempt that is known, of a kind that is known, says nothing new; neither does
 * a wait, nor the doubt that a Sent had settled.
 */
function repeatsSettled({ final, attempts }: Settled, fact: Fact): boolean {
  if (fact.kind === 'rejected') return false
  if (isFinal(fact)) {
    const isSameMessage =
      (fact.messageId ?? final.messageId) === (final.messageId ?? fact.messageId)
    return fact.deciding === final.deciding && isSameMessage
  }
  if (fact.attempt === 0 || (fact.kind === 'in-doubt' && final.kind === 'sent')) return true
  return attempts[fact.attempt - 1]?.includes(fact.kind) === true
}
