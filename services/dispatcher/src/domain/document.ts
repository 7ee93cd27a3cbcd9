/**
 * The document of a command: what the log says of it, beside what only this deployment's work
 * needs. One document per command is the only authority on what it may do and which token it keeps.
 */
import { UNHEARD_DIGEST } from '@otn/contracts'
import { canonicalJson, type TokenId } from '@otn/kernel'
import { type AskingSlot, askingSlot } from './asking.ts'
import {
  type Command,
  documentId,
  evolve,
  holdsOf,
  lastAttempt,
  stateOf,
  waitOf,
} from './command.ts'
import type { CommandFact } from './command-fact.ts'

/** A decided fact as it will stand in the log, byte for byte; told again it is the same fact. */
export interface StoredFact {
  readonly eventId: string
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** Where it goes; absent = with the facts of notifications. */
  readonly topic?: 'notification' | 'optInRequestEvent' | 'campaignEvent' | 'alarm'
}

/** A fact with its bytes. */
export interface WrittenFact {
  readonly event: CommandFact
  readonly stored: StoredFact
}

/** The command's content, sealed, with what it takes to open it. */
export interface SealedContent {
  readonly record: string
  readonly eventId: string
  readonly owner: string
  readonly keyId: string
  readonly sealed: Buffer
}

export interface CommandDocument {
  readonly command: Command
  /** Null after a rebuild, until the command itself is read again. */
  readonly content: SealedContent | null
  /** Decided and not yet known to be on the log, in order. Nothing is called before they are. */
  readonly facts: readonly StoredFact[]
  /** Attempts whose answer did not come in time. */
  readonly unknown: readonly number[]
  /** A verdict in doubt that a further attempt with the same token may still settle. */
  readonly isProbing: boolean
  /** Evidence proved a message with a token that another command holds by now: an alarm, noted. */
  readonly isContested: boolean
  /** Asked to be cancelled while a call was under way: nothing more goes out. Null = it was not. */
  readonly cancel: { readonly by: string | null } | null
  /** A token that it let go, kept from all others until the log says so; null = none. */
  readonly lettingGo: TokenId | null
  /** How many times in a row it waited without a call; the delay grows with it. */
  readonly waits: number
  /** The process that works on it now, or died in it; null = nobody. A lease alone is no work. */
  readonly worker: string | null
  /** Who claimed the last attempt: what became of it is theirs to decide. Null = not known here. */
  readonly claimant: string | null
  /** How many processes in a row died while they worked on it. */
  readonly deaths: number
  /** Not to be looked at before, business clock; 0 = at once. */
  readonly dueAt: number
  /** Business clock; null = never. */
  readonly giveUpAt: number | null
}

/** A document as the store gave it. */
export interface StoredCommand extends CommandDocument {
  readonly id: string
  /** Goes up with every change; a change of an older revision is refused. */
  readonly revision: number
  /** Since an attempt became unknown, by the store's clock when the lease was taken, ms. */
  readonly doubtMs: number
  /** It came by its due time or a lapsed lease, not straight from being recorded here. */
  readonly isTaken: boolean
}

/** A new state of a document, and from when on others may look at it. */
export interface Change {
  readonly document: CommandDocument
  /** Counted by the store's clock from now; 0 = at once; null = the lease stays as it is. */
  readonly leaseMs: number | null
  /** The unknown begins: from now on its time is counted. */
  readonly beginsDoubt?: boolean
}

export interface NewCommand {
  readonly document: CommandDocument
  /** How long others leave it alone, machine time: it is about to be worked on here. */
  readonly leaseMs: number
  /** Where its revisions begin, should it be new; see `firstRevision` of the inbox. */
  readonly revision: number
}

/** Nobody works on it, and whoever did lived to see the end of it. */
export const AT_REST = { worker: null, deaths: 0 } as const

interface Known {
  readonly command: Command
  readonly content: SealedContent | null
  readonly giveUpAt: number | null
}

export function newDocument({ command, content, giveUpAt }: Known): CommandDocument {
  const nothing = { facts: [], unknown: [], isProbing: false, isContested: false }
  const work = { cancel: null, lettingGo: null, ...AT_REST, claimant: null, waits: 0, dueAt: 0 }
  return { command, content, giveUpAt, ...nothing, ...work }
}

export function idOf({ command }: CommandDocument): string {
  return documentId(command.pageId, command.commandId)
}

/**
 * Whether a command with this digest is the one that has the id. Of one that was cancelled before
 * it was read nothing else is known than its id.
 */
export function isCommandOf({ digest: known }: Pick<Command, 'digest'>, digest: string): boolean {
  return known === digest || known === UNHEARD_DIGEST
}

/**
 * Something other than a new call is left to do: it goes on while the page may not send, or what
 * came of the last call would be told when the page sends again.
 */
export function isUnderWay(document: CommandDocument): boolean {
  return isOwed(document) && (stateOf(document.command) !== 'open' || document.facts.length > 0)
}

/** Nobody was told yet what it waits for. */
export function isUntold({ command }: CommandDocument): boolean {
  return stateOf(command) === 'open' && waitOf(command) === null
}

/** True while something is left to do: a fact to tell, a call to make, a doubt to settle. */
export function isOwed({ command, facts, isProbing }: CommandDocument): boolean {
  const state = stateOf(command)
  if (facts.length > 0 || state === 'open' || state === 'attempting') return true
  return state === 'in-doubt' && isProbing
}

/**
 * What this document keeps from all others: a token, or leave to ask a person. A token that was let
 * go is kept until that is on the log: were another command's attempt told first, a log alone would
 * show the token with two.
 */
export function tokenKept(document: CommandDocument): TokenId | AskingSlot | null {
  const { command, lettingGo, isContested } = document
  return isContested ? null : (holdsOf(command) ?? lettingGo ?? askingSlot(command))
}

/** The document with facts decided about it, to be told in this order. */
export function withFacts(
  document: CommandDocument,
  written: readonly WrittenFact[],
): CommandDocument {
  const command = written.reduce((known, { event }) => evolve(known, event), document.command)
  const before = holdsOf(document.command)
  const lettingGo = before !== null && holdsOf(command) === null ? before : document.lettingGo
  const facts = [...document.facts, ...written.map((fact) => fact.stored)]
  return { ...document, command, lettingGo, facts }
}

/**
 * What a digest is made of: everything the log decides, nothing that only the work needs. The
 * sealed content is covered by the command's own digest, for its bytes differ with each sealing;
 * `requestedAt` may differ between two copies of one command.
 */
export function digestText({ command }: CommandDocument): string {
  const { requestedAt: _, campaignId, ...said } = command
  const told = campaignId === null ? said : { ...said, campaignId }
  const [state, attempt, holds] = [stateOf(command), lastAttempt(command), holdsOf(command)]
  return canonicalJson({ ...told, state, attempt, holds })
}
