/** What the handlers need from outside, declared by the side that needs it. */
import type { MessageEchoed, ReasonCode } from '@otn/contracts'
import type { Clock, CommandId, PageId, PersonId, Secret, TokenId } from '@otn/kernel'
import type { NotifySettings, RequestSettings } from '@otn/policy'
import type { Books } from './books-port.ts'
import type { Brakes } from './brakes-port.ts'
import type { Alarm } from './domain/alarm.ts'
import type { ProposedToken, SealedAccount } from './domain/choose-token.ts'
import type { Command } from './domain/command.ts'
import type { CommandContent } from './domain/command-content.ts'
import type { DoubtLimits } from './domain/decide.ts'
import type { CallOutcome } from './domain/decide-outcome.ts'
import type {
  Change,
  SealedContent,
  StoredCommand,
  StoredFact,
  WrittenFact,
} from './domain/document.ts'
import type { FactDraft, Ruling } from './domain/fact-draft.ts'
import type { Offsets } from './domain/freshness.ts'
import type { Connection } from './domain/page.ts'
import type { ConsentToCall, Withdrawal } from './domain/withdrawal.ts'
import type { LaneTelemetry } from './lane-telemetry-port.ts'
import type { Lanes } from './lanes-port.ts'
import type { Ledger, TokenSafe } from './ledger-ports.ts'
import type { Pages } from './pages-port.ts'
import type { Planner } from './planner-port.ts'
import type { Threads } from './threads-port.ts'

export type { Agenda, DueQuery } from './agenda-port.ts'
export type { Pages, PageView } from './pages-port.ts'
export type { ThreadOf, Threads } from './threads-port.ts'

export type Changed =
  | { readonly kind: 'changed'; readonly document: StoredCommand }
  /** The decision was to change nothing; null = there is no such document. */
  | { readonly kind: 'unchanged'; readonly document: StoredCommand | null }
  /** Another command holds the token that this one was to hold. */
  | { readonly kind: 'token-taken' }

/** Asked again with the newer document when another change came first: pure but for facts. */
export type DecideChange<Known = StoredCommand | null> = (known: Known) => Change | null

/** The documents of commands: each change is one guarded update of one document, on a majority. */
export interface Commands {
  read(id: string): Promise<StoredCommand | null>
  /** Decides upon the document given, or, by its id, upon the stored one. */
  change(known: StoredCommand | string, decide: DecideChange): Promise<Changed>
  /**
   * The same for evidence, which no claim of another command can refuse: where the token is taken,
   * the document goes without it and is marked as contested.
   */
  settle(
    known: StoredCommand | string,
    decide: DecideChange,
  ): Promise<Exclude<Changed, { kind: 'token-taken' }>>
  /** The same for many documents at once, in no order. */
  changeAll(
    ids: readonly string[],
    decide: (id: string, known: StoredCommand | null) => Change | null,
  ): Promise<void>
  /** Who keeps a token from all others; null = nobody. */
  holderOf(token: TokenId): Promise<StoredCommand | null>
}

/** Asked right before a call. */
export interface Gate {
  /**
   * Whether the consent still holds that the token stands for; null = the call takes none.
   * @throws OTN_STORE_GENERATION_LOST where the store is not the one this process started with
   */
  check(token: ConsentToCall | null): Promise<'open' | 'withdrawn'>
  /**
   * Asked right before a command is told to have failed.
   * @throws OTN_STORE_GENERATION_LOST as `check`
   */
  standing(): Promise<void>
}

/** What was withdrawn, by key; of one key the latest instant counts. */
export interface Withdrawals {
  add(withdrawals: readonly Withdrawal[]): Promise<void>
}

export interface FactOccasion {
  readonly nowMs: number
  /** Whom the ledger says a token belongs to. */
  readonly person?: PersonId | null
  /** The command itself: sealed into a fact that restates it. */
  readonly content?: CommandContent | null
}

/** Facts of ours, from a draft to the log. */
export interface Facts {
  /** Names, seals and encodes. Repeated, the fact has the same id. */
  write(command: Command, draft: FactDraft, occasion: FactOccasion): WrittenFact
  /** An alarm, to be told with what was decided. */
  writeAlarm(command: Command, alarm: Alarm, nowMs: number): StoredFact
  /** The refusal of a command whose id stands for another one. */
  writeRejection(command: Command, nowMs: number): WrittenFact
  /**
   * Resolves when all are acknowledged; retryable errors of the bus else.
   * @param untilMs machine time from which on nothing is sent any more; default: a limit of its own
   */
  tell(facts: readonly StoredFact[], untilMs?: number): Promise<void>
}

/** The content of commands, which identifies people. */
export interface Contents {
  seal(content: CommandContent, person: PersonId | null): SealedContent
  /**
   * @throws OTN_VAULT_KEY_UNKNOWN; OTN_VAULT_SEAL_BROKEN, also where it is the content of another
   *   command than this one
   */
  open(content: SealedContent, of: Pick<Command, 'pageId' | 'commandId'>): CommandContent
}

export interface LogEnds {
  /**
   * How far the ledger must have read before it may refuse this command: the ends of the log, read
   * once after the command was received or last called, then remembered.
   * @throws OTN_BUS_UNREACHABLE
   */
  needsOf(document: StoredCommand, person: PersonId | null): Promise<Offsets>
  /**
   * The same for a question that nothing is recorded of: the ends as they are now, not remembered.
   * @throws OTN_BUS_UNREACHABLE
   */
  now(person: PersonId | null): Promise<Offsets>
  forget(document: StoredCommand): void
}

export interface Call {
  readonly connection: Connection
  /** Opened out of the connection. */
  readonly pageToken: Secret
  /** Null = the call names the person. */
  readonly token: Secret | null
  /** Null = the token names them, or the command did by the token. */
  readonly psid: Secret | null
  readonly content: CommandContent
  readonly person: PersonId
  readonly attempt: number
  /** Asked right before the first byte: false = nothing is sent. */
  readonly mayStart: () => boolean
}

/** What an echo says it is the echo of; null where it is none of a message of ours. */
export interface EchoReader {
  read(event: MessageEchoed): { readonly commandId: CommandId; readonly attempt: number } | null
}

export interface Sender extends Planner {
  /** C3: one HTTP request. Whatever comes of it is an outcome; it does not throw. */
  send(call: Call): Promise<CallOutcome>
}

/** Bounds of one attempt, all machine time, ms. */
export interface CallLimits {
  readonly leaseMs: number
  readonly settleMs: number
}

/** Whose clock on the wall is asked. A person's own zone has its place here once it is known. */
export interface QuietQuestion {
  readonly pageId: PageId
  /** Of the person, as the command says; null or left out = that of the page. */
  readonly timeZone?: string | null | undefined
  /** Business clock. */
  readonly nowMs: number
}

/** What it takes to spend a token: C1 to C5. */
export interface LanePorts {
  readonly commands: Commands
  readonly facts: Facts
  readonly tokens: TokenSafe
  readonly pages: Pick<Pages, 'isCurrent'>
  readonly lanes: Lanes
  readonly gate: Gate
  readonly sender: Pick<Sender, 'send'>
  readonly tell: LaneTelemetry
  readonly clock: Clock
  /** Monotonic, ms; the business clock never measures a lease. */
  readonly machineMs: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** 0 to 1. */
  readonly random: () => number
  /** When the quiet hours of now end, business clock; null = it is not quiet there. */
  readonly quietUntil: (question: QuietQuestion) => number | null
  readonly isClosing: () => boolean
  readonly calls: CallLimits
  /** Names this process in the documents that it works on. */
  readonly worker: string
}

/** A command that may call. */
export interface Spending {
  readonly document: StoredCommand
  readonly content: CommandContent
  readonly person: PersonId
  readonly connection: Connection
  /** In the order to try them; null = by psid, without a token. */
  readonly tokens: readonly (ProposedToken | null)[]
  /** Whom a call without a token goes to, where the command names an account. */
  readonly account?: SealedAccount | undefined
  /** What the rules say of a call that they permit; told with the attempt. */
  readonly advice: Ruling | null
  /** Asked once the claim is made: what came between the decision and it. Null = go on. */
  readonly lastLook: (() => Promise<ReasonCode | null>) | null
  /** Of a message without a token: when the person last acted; a later withdrawal stops it. */
  readonly actedAt: number | null
}

/** `carried-out`: by us, or by who claimed it before. `all-taken`: others hold every token. */
export type Carried = 'carried-out' | 'all-taken'

/** What it takes to decide about a command that is due. */
export interface DuePorts
  extends Pick<
    LanePorts,
    | 'commands'
    | 'facts'
    | 'tokens'
    | 'lanes'
    | 'tell'
    | 'clock'
    | 'calls'
    | 'worker'
    | 'random'
    | 'quietUntil'
  > {
  readonly contents: Contents
  readonly ledger: Ledger
  readonly ends: LogEnds
  /** Whether each withdrawal that is on the log now is known to the gate. Errors as the engines. */
  readonly withdrawalsRead: () => Promise<boolean>
  readonly pages: Pages
  /** What keeps the notifications of campaigns back. */
  readonly brakes: Pick<Brakes, 'look'>
  readonly doubt: DoubtLimits
  readonly books: Books
  readonly threads: Threads
  /** How strict and how generous the rules of opt-in requests are here. */
  readonly asking: RequestSettings
  /** What the rules of notifications allow here. */
  readonly notifying: NotifySettings
  /** Spends the first of the tokens that nobody holds. */
  readonly runLane: (spending: Spending) => Promise<Carried>
  /** Tells what was decided earlier; null where somebody else changed the document meanwhile. */
  readonly tellFacts: (
    document: StoredCommand,
    thenMs: number | null,
  ) => Promise<StoredCommand | null>
}
