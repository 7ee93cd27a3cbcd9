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
import { type Change, type CommandDocument, newDocument, type SealedContent } from './document.ts'

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
export function foldFacts(known: CommandDocument | null, input: FoldInput): Change | null {
  const command = input.events.reduce<Command | null>(evolve, known?.command ?? null)
  if (command === null || command === known?.command) return null
  const needsContent = known === null || known.content === null
  const { content, giveUpAt } = needsContent ? input.restated() : known
  const base = known ?? newDocument({ command, content, giveUpAt })
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
