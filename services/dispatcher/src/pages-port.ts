/** What is known of pages, as the handlers ask for it. */
import type { PageEvent } from '@otn/contracts'
import type { PageId } from '@otn/kernel'
import type { Connection, Notifying, StandingOfCommand } from './domain/page.ts'

export interface PageView {
  readonly standing: StandingOfCommand
  /** The platform warned of it; that stops nothing. */
  readonly isWarned: boolean
  /** Null unless the standing is `active`. */
  readonly connection: Connection | null
}

export interface Pages {
  fold(event: PageEvent): void
  /** Refuses only where the page events are read to their end. Null = a question, anybody's. */
  view(page: PageId, notifying: Notifying | null): Promise<PageView>
  /** Whether every event of the page that is on the log now was folded. */
  isRead(page: PageId): Promise<boolean>
  /** Whether this is how to speak for its page now: it may have been connected anew since. */
  isCurrent(connection: Connection): boolean
  /** Pages that may not send now: their commands wait. */
  held(): readonly PageId[]
}
