/** What the steps of set-up are made with. */
import type { Clock, Identity, PageId } from '@otn/kernel'
import type { Callback, Log, MetaOf, Pages, PageTokens, StoredPage, Watched } from '../ports.ts'

export interface Onboarding {
  readonly appId: string
  /** Fields that pages are followed with, as the platform names them. */
  readonly fields: readonly string[]
  readonly meta: MetaOf
  readonly callback: Callback
  readonly pages: Pages
  readonly watched: Watched
  readonly tokens: PageTokens
  readonly log: Log
  readonly identity: Identity
  readonly clock: Clock
  /** Resolves when a fact is folded; gives up after some seconds. @returns whether it is */
  readonly untilFolded: (page: PageId, has: (stored: StoredPage) => boolean) => Promise<boolean>
}
