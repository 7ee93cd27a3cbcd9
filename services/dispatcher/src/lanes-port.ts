/** The lanes: who may call now, how fast, and why not. */
import type { ReasonCode } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { BucketUse, HeldBack, Pause } from './domain/decide-outcome.ts'
import type { StoredCommand } from './domain/document.ts'
import type { PaceKind } from './domain/pace-kind.ts'

/** What stops a lane. */
export interface Stopping {
  readonly reason: ReasonCode
  readonly pause: Pause
}

/** `later`: there are too many before it, or its lane stands still. */
export type Turn = { readonly kind: 'now' } | { readonly kind: 'later'; readonly delayMs: number }

/** The calls of each page, a bounded number at a time; a slow page never holds its neighbours. */
export interface Lanes {
  /** False = not now: the document stays where it is and comes again when it is due. */
  offer(document: StoredCommand): boolean
  /** Whether an offer would be taken. */
  hasRoom(page: PageId): boolean
  /** Why a page's lane stands still; null = it does not. */
  stopOf(page: PageId): ReasonCode | null
  stop(page: PageId, stopping: Stopping): void
  /** A call was answered: what made it wait is over. */
  answered(page: PageId): void
  /** A call went out, and nobody knows what came of it. */
  unanswered(page: PageId): void
  /** What the platform's headers say of its limits: the pace follows. */
  used(page: PageId, use: readonly BucketUse[]): void
  /** Resolves when it is this command's turn: asked before anything is claimed. */
  turn(page: PageId, kind: PaceKind): Promise<Turn>
  /**
   * Resolves when one more call may leave, and counts it: asked right before. What is resolved with
   * holds the call back; null = nothing does.
   */
  leave(page: PageId, kind: PaceKind): Promise<HeldBack | null>
  /** Something happened to the page that may have mended what stopped its lane. */
  resume(page: PageId): void
  /** Something may be due after this long, machine time: sooner than the next regular look. */
  wakeIn(ms: number): void
}
