/** What recording commands needs: what is read of the log, C0, and the HTTP door. */
import type { Notify, ReasonCode, TopicAlias } from '@otn/contracts'
import type { CommandId, Identity, PageId, TokenId } from '@otn/kernel'
import type { authorize, Scope } from '@otn/runtime'
import type { CancelOutcome } from './domain/cancel.ts'
import type { NewCommand, StoredCommand } from './domain/document.ts'
import type { PlannedRequest } from './planner-port.ts'
import type { DuePorts } from './ports.ts'

/** `recorded` = new, `known` = the same command again, `other` = the id stands for another one. */
export type Recorded = 'recorded' | 'known' | 'other'

/** C0. */
export interface Inbox {
  /**
   * Records what is new, durably on a majority, and leaves what is known as it is. Of commands with
   * one id the first counts. The answers are in the order given.
   */
  record(commands: readonly NewCommand[]): Promise<readonly Recorded[]>
  /**
   * Where a new document begins to count its changes: at none that stood under any id before, not
   * even in a database that was emptied since.
   */
  firstRevision(): number
}

/** A record as it stood in the log. */
export interface LogRecord {
  readonly topic: TopicAlias
  readonly partition: number
  readonly offset: bigint
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Why no retry can help a message, and what it names of itself. */
export interface Unusability {
  readonly reason: ReasonCode
  readonly detail: string
  readonly pageId: PageId | null
  readonly commandId: CommandId | null
}

/** A message that no retry can help. */
export interface Unusable {
  readonly kind: 'unusable'
  readonly source: LogRecord
  readonly why: Unusability
}

/** What was read of the log. */
export type Read<T> =
  | { readonly kind: 'known'; readonly value: T; readonly source: LogRecord }
  | Unusable

export interface Parking {
  /** Resolves when all are acknowledged; the id of each follows from its place in the log. */
  park(messages: readonly Unusable[]): Promise<void>
}

/** What it takes to record commands. */
export interface InboxPorts
  extends Pick<
    DuePorts,
    'commands' | 'facts' | 'contents' | 'lanes' | 'clock' | 'tellFacts' | 'asking' | 'notifying'
  > {
  readonly inbox: Inbox
  readonly parking: Parking
  readonly identity: Identity
  readonly tell: InboxTelemetry
}

export interface InboxTelemetry {
  recorded(outcome: Recorded): void
  parked(reason: ReasonCode): void
  cancelled(outcome: CancelOutcome): void
  closed(document: StoredCommand): void
  /** A decided fact could not be told now; it stays to be told. */
  tellFailed(document: StoredCommand, error: unknown): void
}

/** Where an acknowledged command stands on the log. */
export interface Published {
  readonly partition: number
  readonly offset: bigint
}

export interface NotifyLog {
  /** Resolves when the command is acknowledged, with where it stands. Errors as of the bus. */
  publish(notify: Notify): Promise<Published>
}

/** A number for all claims: two databases that were folded from the same log agree. */
export interface DigestReport {
  readonly documents: number
  /** Documents that something is left to do about: the digest may change. */
  readonly owed: number
  readonly sha256: string
}

/** What would be decided about a command; nothing was. */
export interface Preview {
  /** `unsure`: nobody knew in time whether it would be refused. */
  readonly decision: 'spend' | 'wait' | 'refuse' | 'known' | 'unsure'
  readonly reason: ReasonCode | null
  readonly tokenId: TokenId | null
  /** Tokens that would be tried. */
  readonly candidates: number
  /** The call that would be made first; null = none would be made now. */
  readonly call: PlannedRequest | null
}

/** A hook that lets through who holds a key with the scope. */
export type MayCall = (scope: Scope) => ReturnType<typeof authorize>

/**
 * Bounds what a caller waits for. @throws OTN_HTTP_UNAVAILABLE where the work takes longer; the
 * signal tells the work so, that it begins nothing more.
 */
export type InTime = <T>(work: (late: AbortSignal) => Promise<T>) => Promise<T>

export interface DueTelemetry {
  /** The store could not be asked for due commands. */
  lookFailed(error: unknown): void
}
