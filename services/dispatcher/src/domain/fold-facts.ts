import { UNHEARD_DIGEST } from '@otn/contracts'
import {
  type Attempt,
  type Command,
  evolve,
  NOTHING_SAID,
  stateOf,
  unknownOf,
  waitOf,
} from './command.ts'
import type { CommandFact } from './command-fact.ts'
import {
  type Change,
  type CommandDocument,
  isCommandOf,
  newDocument,
  type SealedContent,
} from './document.ts'

/** What facts of the log bring beside themselves: the content that a restatement seals. */
export interface Restated {
  readonly content: SealedContent | null
  readonly giveUpAt: number | null
}

interface FoldInput {
  readonly events: readonly CommandFact[]
  readonly restated: () => Restated
  readonly settleMs: number
}

/**
 * Whether an end without a message that nobody was told of is none by what the log says: an attempt
 * may be out, or is. It was decided in a store that did not hold all of the log.
 */
function isRefuted({ command: { final }, facts }: CommandDocument, told: Command): boolean {
  if (final === null || final.type === 'NotificationSent' || facts.length === 0) return false
  return unknownOf(told).length > 0 || told.final?.type === 'NotificationSent'
}

/**
 * Whether the log has another command under this id, of which this one is a reuse. While a store is
 * made anew a process that had not noticed may record the reuse before the first one is back from
 * the log. None of what it decided is told, so nothing was called: it goes, and is answered when it
 * is read again.
 */
function isUsurper(document: CommandDocument, events: readonly CommandFact[]): boolean {
  const { command, facts } = document
  return decisionsIn(command) <= facts.length && events.some((event) => isOfAnother(command, event))
}

/** Each of them is one fact. */
function decisionsIn({ attempts, waits, final }: Command): number {
  const endings = attempts.filter(({ ending }) => ending !== 'unanswered').length
  return attempts.length + endings + waits.length + (final === null ? 0 : 1)
}

/** Of a cancel that came before its command nothing is known but the id. */
function isOfAnother(command: Command, { commandDigest }: CommandFact): boolean {
  return commandDigest !== UNHEARD_DIGEST && !isCommandOf(command, commandDigest)
}

/** That end is the last of what is to be told: nothing is decided after it. */
function withoutEnd(document: CommandDocument): CommandDocument {
  const { command, facts } = document
  return { ...document, command: withoutFinal(command), facts: facts.slice(0, -1) }
}

/**
 * Folds facts read back from the log into a document, or makes one. What the document knew already
 * changes nothing, so the log may be read any number of times beside live work. What it did not
 * know was written by a process that is gone: an attempt without an answer is unknown from now on.
 */
export function foldFacts(found: CommandDocument | null, input: FoldInput): Change | null {
  const known = found !== null && isUsurper(found, input.events) ? null : found
  const command = input.events.reduce<Command | null>(evolve, known?.command ?? null)
  if (command === null || command === known?.command) return null
  const needsContent = known === null || known.content === null
  const { content, giveUpAt } = needsContent ? input.restated() : known
  const fresh = newDocument({ command, content, giveUpAt })
  const base = known ?? { ...fresh, cancel: found?.cancel ?? null }
  if (isRefuted(base, command)) return foldFacts(withoutEnd(base), input)
  const unknown = unknownOf(command)
  const state = stateOf(command)
  const isUnanswered = state === 'attempting'
  const document: CommandDocument = {
    ...base,
    command,
    // A worker takes what bears its mark at once: that would cut the time of the echo short.
    worker: isUnanswered ? null : base.worker,
    content: base.content ?? content,
    giveUpAt: base.giveUpAt ?? giveUpAt,
    unknown,
    dueAt: state === 'open' ? (waitOf(command)?.dueAt ?? 0) : 0,
  }
  return {
    document,
    leaseMs: isUnanswered ? input.settleMs : 0,
    beginsDoubt: isUnanswered && base.unknown.length === 0,
  }
}

/** The command before its final fact, of which nobody was told: its attempt is unanswered again. */
function withoutFinal(command: Command): Command {
  const attempts = command.attempts.map((attempt) =>
    attempt.number === command.final?.attempt ? unanswered(attempt) : attempt,
  )
  return { ...command, attempts, final: null }
}

function unanswered(attempt: Attempt): Attempt {
  return { ...attempt, ending: 'unanswered', ...NOTHING_SAID, endedAt: null, dueAt: null }
}
