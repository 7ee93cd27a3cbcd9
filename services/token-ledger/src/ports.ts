/** What folding and answering need from outside. Adapters satisfy these; nothing here is built. */
import type { TopicAlias } from '@otn/contracts'
import type { AccountId, PageId, PersonId, TokenId } from '@otn/kernel'
import type { Linking } from './domain/account.ts'
import type { Consent } from './domain/consent.ts'
import type { NoticeBorder } from './domain/notice.ts'
import type { PageDocument } from './domain/page.ts'
import type { PersonDocument } from './domain/person.ts'
import type { PersonSummary } from './domain/person-summary.ts'
import type { FoldedState, TokenDocument, TokenView } from './domain/token.ts'
import type { TopicCount } from './domain/topic-summary.ts'
import type { WithdrawalScope } from './domain/withdrawal-scope.ts'

/** The Kafka topics that the ledger folds, in the order of the flow. */
export const LEDGER_TOPICS = [
  'page',
  'engagement',
  'optIn',
  'notification',
  'optInRequestEvent',
  'token',
] as const satisfies readonly TopicAlias[]

export type LedgerTopic = (typeof LEDGER_TOPICS)[number]

export function isLedgerTopic(topic: TopicAlias): topic is LedgerTopic {
  return LEDGER_TOPICS.some((known) => known === topic)
}

/** Makes one of something for each Kafka topic. */
export function perTopic<T>(make: (topic: LedgerTopic) => T): Readonly<Record<LedgerTopic, T>> {
  return {
    page: make('page'),
    engagement: make('engagement'),
    optIn: make('optIn'),
    notification: make('notification'),
    optInRequestEvent: make('optInRequestEvent'),
    token: make('token'),
  }
}

/** A document as it was read; revision null = there is none yet. */
export interface Versioned<T> {
  readonly document: T
  readonly revision: number | null
}

export interface Change<T> extends Versioned<T> {
  readonly id: string
}

/** Documents of one kind. All calls throw OTN_STORE_UNREACHABLE (retryable). */
export interface DocumentStore<T> {
  /**
   * @param view `lasting` (default): what cannot be rolled back any more, for a fold that changes
   * nothing lets its cursor go on; `newest`: for answers, never behind a cursor read before
   */
  load(
    ids: readonly string[],
    view?: 'lasting' | 'newest',
  ): Promise<ReadonlyMap<string, Versioned<T>>>
  /**
   * Writes each document whose stored revision is still the one given, acknowledged by a majority.
   * @returns how many were not written because somebody else wrote meanwhile
   */
  save(changes: readonly Change<T>[]): Promise<number>
}

/** One version of the read model. */
export interface ReadModel {
  readonly tokens: DocumentStore<TokenDocument>
  readonly persons: DocumentStore<PersonDocument>
  readonly pages: DocumentStore<PageDocument>
  /**
   * Ids of all tokens that a withdrawal speaks of, out of what cannot be rolled back any more.
   * @throws OTN_STORE_UNREACHABLE
   */
  tokensWithin(scope: WithdrawalScope): Promise<readonly TokenId[]>
}

export interface PartitionId {
  readonly topic: LedgerTopic
  readonly partition: number
}

export interface CursorMove extends PartitionId {
  readonly from: bigint
  readonly to: bigint
}

/** Next offset per Kafka topic, in the order of the partitions. */
export type Offsets = Readonly<Record<LedgerTopic, readonly bigint[]>>

/** How far one version is folded: the truth, of which Kafka's commit is a hint. */
export interface Cursors {
  /** Null where there is no cursor: the store is not the one that was prepared. */
  read(partition: PartitionId): Promise<bigint | null>
  readAll(): Promise<Offsets>
  /** @returns false where the cursor did not stand at `from`, or belongs to another store */
  move(move: CursorMove): Promise<boolean>
}

export interface Generation {
  /** Of the database: another one means that it was emptied or replaced. */
  readonly id: string
  /** Of the collections that are served. */
  readonly version: number
  /** `preparing`: being created · `filling`: folded for the first time · `live`: served. */
  readonly state: 'preparing' | 'filling' | 'live'
  readonly clusterId: string
  readonly pepperCheck: string
  /** A rebuild compares two versions now: nothing may be folded for some seconds. */
  readonly isFrozen: boolean
  /** Somebody prepares or rebuilds, and said so lately. */
  readonly isWorkedOn: boolean
}

/** The version that is folded and served now. */
export interface StoreNow {
  readonly generation: Generation
  readonly model: ReadModel
  readonly cursors: Cursors
}

export interface Store {
  /**
   * Looks at MongoDB each time, because a rebuild swaps versions under a running process.
   * @throws OTN_STORE_GENERATION_LOST where the database was emptied or replaced,
   *   OTN_STORE_UNREACHABLE
   */
  now(): Promise<StoreNow>
  /** Looks whether each collection is still there and was not emptied. @throws as `now` */
  verify(): Promise<void>
  /** Serves what was filled for the first time. Idempotent. */
  goLive(): Promise<void>
}

/** A version being rebuilt beside the one that is served. */
export interface RebuildSite {
  readonly id: string
  readonly fromVersion: number
  readonly toVersion: number
  /** The version that is served. */
  readonly served: Pick<StoreNow, 'model' | 'cursors'>
  readonly rebuilt: ReadModel
  /** Keeps the leave to rebuild, and the freeze. @returns false where it had lapsed */
  renew(): Promise<boolean>
  /** From now on no process begins to fold. @returns false where the leave had lapsed */
  freeze(): Promise<boolean>
  compare(): Promise<Comparison>
  /** Serves the rebuilt version from these offsets on. @returns false: too late, nothing changed */
  swap(offsets: Offsets): Promise<boolean>
  /** Drops the version that was served before. */
  dropServed(): Promise<void>
  /** Gives up: the served version stays. */
  abandon(): Promise<void>
}

export interface RebuildReport {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly fromVersion: number
  readonly toVersion: number
  /** By the machine's clock, ms since the epoch; null while it runs. */
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly events: number
  readonly eventsPerSecond: number
  /** Null until both versions were compared at the same position. */
  readonly comparison: Comparison | null
  /** Code of the error that ended it; `interrupted` where its process ended. */
  readonly error: string | null
}

export interface Rebuilds {
  /** @returns null while another rebuild runs, here or in another process */
  begin(): Promise<RebuildSite | null>
  report(report: RebuildReport): Promise<void>
  /** The last one, whichever process ran it. */
  last(): Promise<RebuildReport | null>
}

/** What an answer is made of: one version of the read model, with where it stands. */
export interface Served {
  readonly model: ReadModel
  readonly cursors: Cursors
  readonly queries: Queries
}

export interface ServedReadModel {
  /**
   * Answers from the version that is served now.
   * @throws OTN_HTTP_UNAVAILABLE while it is filled for the first time, and where the store was
   *   emptied or replaced before the answer was complete
   */
  ask<T>(question: (served: Served) => Promise<T>): Promise<T>
}

/** Tokens by the clock: `grantedAt` bounds stand for expiry, which is never stored. */
export interface TokenFilter {
  readonly pageId: PageId
  readonly person?: PersonId
  /** Null = tokens that no rule names a topic for. */
  readonly topic?: string | null
  readonly state?: FoldedState
  readonly grantedFrom?: number
  readonly grantedBefore?: number
}

/** Where a page of a list ended. */
export interface ListPosition {
  readonly grantedAt: number
  readonly tokenId: TokenId
}

export interface ListedToken {
  readonly tokenId: TokenId
  readonly view: TokenView
  readonly consent: Consent
}

export interface AudienceQuestion {
  readonly pageId: PageId
  readonly topic: string
  /** Tokens granted before this instant have expired. */
  readonly liveFrom: number
  /** Tokens granted before this one expire soon. */
  readonly soonFrom: number
}

export interface AudienceCount {
  readonly persons: number
  readonly tokens: number
  /** Persons all of whose tokens expire soon. */
  readonly expiring: number
}

export interface PersonOnPage {
  readonly pageId: PageId
  readonly person: PersonId
}

export interface CandidateSearch {
  readonly people: readonly PersonOnPage[]
  /** Tokens granted before this instant have expired. */
  readonly liveFrom: number
  readonly tokensMax: number
}

export interface Queries {
  /** Oldest grant first, so that what expires first comes first. */
  list(
    filter: TokenFilter,
    page: { readonly after?: ListPosition; readonly limit: number },
  ): Promise<readonly ListedToken[]>
  /** People with such a token, by pseudonym; `after` = the last one of the page before. */
  persons(
    filter: Omit<TokenFilter, 'person'>,
    page: { readonly after?: PersonId; readonly limit: number; readonly liveFrom: number },
  ): Promise<readonly PersonSummary[]>
  /** Per person and topic at most `tokensMax`: live ones, then fewest refusals, oldest grant. */
  candidates(search: CandidateSearch): Promise<readonly ListedToken[]>
  /** Whoever ever linked one of these accounts, in no order; accounts are of one page each. */
  linking(accounts: readonly AccountId[]): Promise<readonly Linking<PersonOnPage>[]>
  countByTopic(page: PageId, liveFrom: number): Promise<readonly TopicCount[]>
  /** How many people hold live tokens for a topic. */
  audience(question: AudienceQuestion): Promise<AudienceCount>
  /** Live tokens that are owed their next notice of expiry, in no order. */
  owedNotice(borders: readonly NoticeBorder[], limit: number): Promise<readonly ListedToken[]>
  /** Withdrawn tokens whose own `TokenWithdrawn` is still to be told, in no order. */
  owedWithdrawal(limit: number): Promise<readonly ListedToken[]>
}

export interface CollectionDigest {
  readonly documents: number
  /** 64 hex digits. */
  readonly sha256: string
}

export interface Digest {
  readonly collections: Readonly<Record<'tokens' | 'persons' | 'pages', CollectionDigest>>
  /** Over the digests of the collections, 64 hex digits. */
  readonly total: string
}

export interface Comparison {
  readonly before: Digest
  readonly after: Digest
  readonly differences: number
  /** The first few, as `<collection>/<_id>`. */
  readonly different: readonly string[]
}
