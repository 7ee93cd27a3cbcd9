/** What the steps of set-up are made with. */
import type { PageId } from '@otn/kernel'
import type { Callback, MetaOf, StoredPage } from '../ports.ts'
import type { WatchParts } from '../watching/watch-parts.ts'

export interface Onboarding extends WatchParts {
  readonly callback: Callback
  /** For what is taken back, which no deadline may cut short. */
  readonly metaToUndo: MetaOf
  /** Resolves when a fact is folded; gives up after some seconds. @returns whether it is */
  readonly untilFolded: (page: PageId, has: (stored: StoredPage) => boolean) => Promise<boolean>
}
