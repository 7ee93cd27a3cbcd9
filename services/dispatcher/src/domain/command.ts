/**
 * A command as the log tells of it: every attempt with what became of it, the reasons it waited
 * for, and the final fact. Its state, what it holds and whether it may be called failed are
 * computed from that alone, so the claims can be rebuilt from the log (promise G6).
 */
import type { CommandId, MessageId, PageId, PersonId, TokenId } from '@otn/kernel'
import { type Route, routeAsked } from '@otn/policy'
import type { Asks, CommandFact } from './command-fact.ts'

/** Rank of what became of an attempt: of two facts about it the higher one holds. */
const ENDINGS = ['unanswered', 'in-doubt', 'not-sent', 'refused', 'sent'] as const

export type Ending = (typeof ENDINGS)[number]

/** One call to the Send API, meant or made. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  readonly tokenId: TokenId | null
  readonly ending: Ending
  readonly reason: string | null
  readonly graphCode: number | null
  readonly graphSubcode: number | null
  /** Names the answer to the platform's support. */
  readonly fbtraceId: string | null
  /** What the platform said, or why a person settled it: one redacted line. */
  readonly detail: string | null
  /** When it was meant and when its ending was decided, business clock. */
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** When it is to be repeated; only where it is known that nothing was sent. */
  readonly dueAt: number | null
}

/** A wait without a call; told once per reason. */
export interface Wait {
  readonly reason: string
  readonly dueAt: number
  readonly at: number
}

export interface Final {
  readonly type: 'NotificationSent' | 'NotificationFailed' | 'NotificationCancelled'
  readonly attempt: number
  readonly tokenId: TokenId | null
  readonly tokenReleased: boolean | null
  readonly messageId: MessageId | null
  readonly certainty: string | null
  readonly reason: string | null
  /** Event id of the evidence, or name of the person, that settled a doubt. */
  readonly settledBy: string | null
  readonly at: number
}

/** What every fact about a command repeats. */
export interface Heading {
  readonly pageId: PageId
  readonly commandId: CommandId
  /** SHA-256 of the command, 64 hex digits. */
  readonly digest: string
  readonly topic: string | null
  /** What the command asks for; what its calls took stands with their tokens. */
  readonly route: Route
  /** Of an opt-in request; null = a notification. */
  readonly asks: Asks | null
  /** Of a notification that a campaign sends; null = of none. */
  readonly campaignId: string | null
  readonly requestedBy: string | null
  readonly requestedAt: number | null
}

export interface Command extends Heading {
  /** Null until the ledger has told whom a token belongs to. */
  readonly person: PersonId | null
  /** Ordered by number. */
  readonly attempts: readonly Attempt[]
  /** Ordered by reason. */
  readonly waits: readonly Wait[]
  readonly final: Final | null
}

export type CommandState = 'open' | 'attempting' | 'sent' | 'failed' | 'in-doubt' | 'cancelled'

/** A command of which nothing is told yet. */
export function newCommand(heading: Heading, person: PersonId | null): Command {
  const { pageId, commandId, digest, topic, route, asks, campaignId } = heading
  const { requestedBy, requestedAt } = heading
  const about = { pageId, commandId, digest, topic, route, asks, campaignId }
  return { ...about, requestedBy, requestedAt, person, attempts: [], waits: [], final: null }
}

/**
 * The command after one more fact. A join: order, repeats and late repeats change nothing, and a
 * fact that adds nothing gives back the very same object. Facts about a refused reuse of the id
 * say nothing of the command that has it.
 */
export function evolve(known: Command | null, event: CommandFact): Command {
  const command = known ?? newCommand(headingOf(event), event.person ?? null)
  if (event.type === 'CommandRejected') return command
  return named(joined(command, event), event.person ?? null)
}

/** Failed, cancelled or to be repeated: by its last attempt nothing went out. */
export function saysNothingWentOut({ final, attempts }: Pick<Command, 'final' | 'attempts'>) {
  if (final !== null) return final.type !== 'NotificationSent'
  return attempts.at(-1)?.ending === 'not-sent'
}

/** The state that follows from the facts. */
export function stateOf({ attempts, final }: Command): CommandState {
  if (final !== null) return FINAL_STATES[final.type]
  const last = attempts.at(-1)
  if (last?.ending === 'unanswered') return 'attempting'
  return attempts.some(mayBeOut) ? 'in-doubt' : 'open'
}

/** Number of the last attempt; 0 where there was none. */
export function lastAttempt({ attempts }: Command): number {
  return attempts.at(-1)?.number ?? 0
}

/**
 * The attempt that proof of a message closes, whichever attempt the proof is of: the one that is
 * still open, be it a later one, for each is closed exactly once.
 */
export function closedByProof(command: Command, proven: number): number {
  return stateOf(command) === 'attempting' ? lastAttempt(command) : proven
}

/** The last attempt that may have sent; null where there is none. */
export function doubtedAttempt({ attempts }: Command): Attempt | null {
  return attempts.findLast(mayBeOut) ?? null
}

/** Attempts of which nobody knows whether they sent: `failed` needs this to be empty. */
export function unknownOf({ attempts }: Command): readonly number[] {
  return attempts.filter(mayBeOut).map(({ number }) => number)
}

/**
 * The token that this command keeps from all others. It is let go only where it is known that
 * nothing went out and that the token is of use to somebody.
 */
export function holdsOf(command: Command): TokenId | null {
  const { final } = command
  if (final === null) return doubtedAttempt(command)?.tokenId ?? null
  return isSpent(final) ? final.tokenId : null
}

/** The wait that counts now: the youngest one. */
export function waitOf({ waits, attempts }: Command): Wait | null {
  const last = attempts.at(-1)
  const [reason, dueAt, at] = [last?.reason, last?.dueAt, last?.endedAt]
  const repeat = reason && dueAt && at ? [{ reason, dueAt, at }] : []
  const all = [...waits, ...repeat]
  return all.toSorted((a, b) => a.at - b.at || a.dueAt - b.dueAt).at(-1) ?? null
}

/** Id of a command's document, and of everything that follows from the command. */
export function documentId(pageId: string, commandId: string): string {
  return `${pageId}:${commandId}`
}

/** What a fact adds: everything but Attempted closes an attempt, or says why none was made. */
function joined(command: Command, event: Exclude<CommandFact, CommandRejectedFact>): Command {
  switch (event.type) {
    case 'NotificationAttempted':
      return withAttempt(command, { ...attemptOf(event, 'unanswered'), startedAt: event.at })
    case 'NotificationInDoubt':
      return withAttempt(command, ended(event, 'in-doubt'))
    case 'NotificationScheduled':
      return event.attempt === 0
        ? withWait(command, event)
        : withAttempt(command, { ...ended(event, 'not-sent'), dueAt: event.dueAt })
    case 'NotificationSent':
      return withFinal(withAttempt(command, ended(event, 'sent')), finalOf(event))
    case 'NotificationFailed':
    case 'NotificationCancelled': {
      const closed = event.attempt === 0 ? command : withAttempt(command, ended(event, 'refused'))
      return withFinal(closed, finalOf(event))
    }
  }
}

type CommandRejectedFact = Extract<CommandFact, { type: 'CommandRejected' }>
type FinalFact = Extract<CommandFact, { type: Final['type'] }>

const FINAL_STATES = {
  NotificationSent: 'sent',
  NotificationFailed: 'failed',
  NotificationCancelled: 'cancelled',
} as const satisfies Record<Final['type'], CommandState>

const FINAL_RANKS: readonly Final['type'][] = [
  'NotificationCancelled',
  'NotificationFailed',
  'NotificationSent',
]
const CERTAINTIES = ['INFERRED', 'OPERATOR', 'ECHOED', 'CONFIRMED']

function mayBeOut({ ending }: Attempt): boolean {
  return ending === 'unanswered' || ending === 'in-doubt'
}

/** Of use to nobody any more: a message went out with it, or a call showed it dead. */
function isSpent({ type, attempt, tokenReleased }: Final): boolean {
  if (type === 'NotificationFailed') return attempt > 0 && tokenReleased !== true
  return type === 'NotificationSent'
}

function headingOf(event: CommandFact): Heading {
  const { pageId, commandId, commandDigest: digest, asks = null } = event
  const { topic = null, campaignId = null, requestedBy = null, requestedAt = null } = event
  const route = routeAsked(event.commandRoute ?? event.route)
  const about = { pageId, commandId, digest, topic, route, asks, campaignId }
  return { ...about, requestedBy, requestedAt }
}

function named(command: Command, person: PersonId | null): Command {
  return command.person !== null || person === null ? command : { ...command, person }
}

/** Of an attempt that nobody answered yet. */
export const NOTHING_SAID = {
  reason: null,
  graphCode: null,
  graphSubcode: null,
  fbtraceId: null,
  detail: null,
} as const

function attemptOf(event: CommandFact, ending: Ending): Attempt {
  const { attempt: number, tokenId = null } = event
  return { number, tokenId, ending, ...NOTHING_SAID, startedAt: null, endedAt: null, dueAt: null }
}

function ended(event: CommandFact, ending: Ending): Attempt {
  const { reason = null, graphCode = null, graphSubcode = null, at: endedAt } = event
  const { fbtraceId = null, detail = null } = event
  const said = { reason, graphCode, graphSubcode, fbtraceId, detail }
  return { ...attemptOf(event, ending), ...said, endedAt }
}

function withAttempt(command: Command, told: Attempt): Command {
  const known = command.attempts.find(({ number }) => number === told.number)
  const merged = known ? mergedAttempt(known, told) : told
  if (merged === known) return command
  const others = command.attempts.filter((attempt) => attempt !== known)
  const attempts = [...others, merged].toSorted((a, b) => a.number - b.number)
  return { ...command, attempts }
}

/** The higher ending holds, of two equal ones the older; each keeps what only the other knows. */
function mergedAttempt(known: Attempt, told: Attempt): Attempt {
  const rise = ENDINGS.indexOf(told.ending) - ENDINGS.indexOf(known.ending)
  const isUpper = rise > 0 || (rise === 0 && earlier(told.endedAt, known.endedAt) !== known.endedAt)
  const [upper, lower] = isUpper ? [told, known] : [known, told]
  const tokenId = upper.tokenId ?? lower.tokenId
  const startedAt = earlier(known.startedAt, told.startedAt)
  if (upper === known && tokenId === known.tokenId && startedAt === known.startedAt) return known
  return { ...upper, tokenId, startedAt }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function withWait(command: Command, { reason, dueAt, at }: Wait): Command {
  const known = command.waits.find((wait) => wait.reason === reason)
  if (known && (known.at - at || known.dueAt - dueAt) >= 0) return command
  const others = command.waits.filter((wait) => wait !== known)
  const waits = [...others, { reason, dueAt, at }]
  return { ...command, waits: waits.toSorted((a, b) => (a.reason < b.reason ? -1 : 1)) }
}

function finalOf(event: FinalFact): Final {
  const { type, attempt, at, tokenId = null, tokenReleased = null } = event
  const { messageId = null, certainty = null, reason = null, settledBy = null } = event
  const proof = { messageId, certainty, settledBy }
  return { type, attempt, at, tokenId, tokenReleased, reason, ...proof }
}

/** There is one final fact; should two ever differ, all readers must settle on the same one. */
function withFinal(command: Command, told: Final): Command {
  const known = command.final
  return known === null || finalOrder(told, known) > 0 ? { ...command, final: told } : command
}

function finalOrder(a: Final, b: Final): number {
  const rank = (final: Final) => FINAL_RANKS.indexOf(final.type)
  const certainty = (final: Final) => CERTAINTIES.indexOf(final.certainty ?? '')
  return rank(a) - rank(b) || certainty(a) - certainty(b) || b.at - a.at || a.attempt - b.attempt
}
