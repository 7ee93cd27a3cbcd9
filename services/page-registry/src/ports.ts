/** What handlers and steps need from outside. */
import type { AlarmEvent, PageEvent } from '@otn/contracts'
import type { SetUpClient, SetUpFault } from '@otn/graph-api'
import type { PageId, Secret } from '@otn/kernel'
import type { Connection, PageDocument } from './domain/page.ts'
import type { WatchDecision } from './domain/watch.ts'
import type { WatchState } from './domain/watch-state.ts'

export interface StoredPage {
  readonly pageId: PageId
  readonly page: PageDocument
  /** 0 = not stored yet. */
  readonly revision: number
}

export interface ListedPages {
  /** Page id; those behind it. */
  readonly after: PageId | null
  readonly limit: number
  /** Also those that are connected no more. */
  readonly all: boolean
}

/** The read model, as the fold writes it and routes read it. @throws OTN_STORE_UNREACHABLE */
export interface Pages {
  /** A part of them, in the order of ids. */
  list(part: ListedPages): Promise<readonly StoredPage[]>
  /** Of every page that was ever connected, in the order of ids. */
  all(): Promise<readonly StoredPage[]>
  /** An unknown page has revision 0 and says nothing. */
  read(page: PageId): Promise<StoredPage>
  /** Writes where the revision is the one that was read. @throws OTN_STORE_CONFLICT else */
  save(stored: StoredPage): Promise<void>
}

/** How far the page events are folded, per partition. @throws OTN_STORE_UNREACHABLE */
export interface Cursors {
  /** Next offset; 0 where nothing was folded. */
  read(partition: number): Promise<bigint>
  readAll(): Promise<ReadonlyMap<number, bigint>>
  /** @returns false where another process moved it meanwhile */
  move(step: {
    readonly partition: number
    readonly from: bigint
    readonly to: bigint
  }): Promise<boolean>
}

export interface StoredWatch {
  readonly state: WatchState
  /** 0 = not stored yet. */
  readonly revision: number
}

/**
 * What was last seen of the platform: derived from no log, and made anew by the next look.
 * @throws OTN_STORE_UNREACHABLE
 */
export interface Watched {
  read(page: PageId): Promise<StoredWatch>
  /**
   * Writes where the revision is the one that was read. @returns it as it stands then
   * @throws OTN_STORE_CONFLICT else
   */
  save(page: PageId, stored: StoredWatch): Promise<StoredWatch>
}

/** Of all registries of a deployment one watches at a time, by the clock of the store. */
export interface Lease {
  /** True where it is ours now, for a minute. */
  hold(): Promise<boolean>
  /** When the last round began, ms of the business clock; null before the first. */
  lastRoundAt(): Promise<number | null>
  beginRound(atMs: number): Promise<void>
  release(): Promise<void>
}

/** @throws OTN_BUS_* where they were not acknowledged */
export interface Log {
  publishPage(event: PageEvent): Promise<void>
  publishAlarms(events: readonly AlarmEvent[]): Promise<void>
  /** Whether a fact whose publishing ended with this error may stand on the log, now or later. */
  mayHold(error: unknown): boolean
}

/** The calls of set-up, by the Graph version of the page; null = the deployment's. */
export type MetaOf = (graphVersion: string | null) => SetUpClient

/** Calls that all end with a signal, also those not begun; null = each has its own limit alone. */
export type MetaUntil = (signal: AbortSignal | null) => MetaOf

export interface PageTokens {
  /** The master key that seals from now on. */
  readonly sealingKeyId: string
  /** @throws OTN_VAULT_* */
  open(page: PageId, connection: Connection): Secret | null
  seal(
    page: PageId,
    event: { readonly eventId: string; readonly accessToken: Secret },
  ): { readonly keyId: string; readonly sealed: Buffer }
}

/** What our own look at the callback address came to. */
export type CallbackAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly echoes: boolean }
  | { readonly kind: 'unreachable'; readonly cause: string }

/** The address the platform is to send webhooks to, tried as the platform would. */
export interface Callback {
  readonly url: string
  readonly verifyToken: Secret
  shakeHands(): Promise<CallbackAnswer>
  /** A signed body about this page that carries no event. */
  postTestEvent(page: PageId): Promise<CallbackAnswer>
}

export interface TellWatch {
  watched(page: PageId, decision: WatchDecision): void
  notMended(page: PageId, fault: SetUpFault): void
  watchFailed(error: unknown): void
  /** The others are watched all the same. */
  pageNotWatched(page: PageId, error: unknown): void
  /** The log did not take them; the next look tells them. */
  alarmsOwed(page: PageId, error: unknown): void
  tokenUnreadable(page: PageId, error: unknown): void
}

export interface TellOnboarding {
  /** What a request changed or failed to change, without its tokens. */
  stepped(
    page: PageId,
    what: string,
    report: {
      readonly isGreen: boolean
      readonly steps: readonly { readonly step: string; readonly outcome: string }[]
    },
  ): void
}
