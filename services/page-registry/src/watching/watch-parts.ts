/** What a look at a page is made with. */
import type { Clock, Identity, Latest, PageId } from '@otn/kernel'
import type { Connection } from '../domain/page.ts'
import type {
  Callback,
  Log,
  MetaOf,
  Pages,
  PageTokens,
  StoredPage,
  TellWatch,
  Watched,
} from '../ports.ts'

export interface WatchParts {
  readonly appId: string
  /** Fields that pages are followed with, as the platform names them. */
  readonly fields: readonly string[]
  readonly clock: Clock
  readonly identity: Identity
  readonly pages: Pages
  readonly watched: Watched
  readonly tokens: PageTokens
  readonly meta: MetaOf
  readonly callback: Pick<Callback, 'url'>
  readonly log: Log
  readonly tell: TellWatch
}

/** A page that is ours to watch. */
export interface WatchedPage extends StoredPage {
  readonly connection: Latest<Connection>
}

/** Read again each time: much may happen in a round. Null where the page is not ours any more. */
export async function watchedPage(
  pageId: PageId,
  { appId, pages }: Pick<WatchParts, 'appId' | 'pages'>,
): Promise<WatchedPage | null> {
  const stored = await pages.read(pageId)
  const { connection } = stored.page
  const isOurs = connection?.value.isConnected === true && connection.value.appId === appId
  return isOurs ? { ...stored, connection } : null
}
