/**
 * A look at what somebody mends by hand: before, for what the watch did not see yet were a gap that
 * nobody is told of; after, for nobody should wait for the next round to be told.
 */
import type { PageId, Secret } from '@otn/kernel'
import { appAlarm } from '../domain/page-alarms.ts'
import { againOnConflict } from './again-on-conflict.ts'
import { lookAtPage } from './look-at-page.ts'
import { type WatchParts, watchedPage } from './watch-parts.ts'

/**
 * Notes how the page stands, and every page of the app where the app itself is not subscribed as it
 * should be: what mends it for one page mends it for all. A page that is not connected is left out.
 * @param newToken of the page, where it is about to get one
 * @throws OTN_STORE_UNREACHABLE, OTN_STORE_CONFLICT
 */
export async function lookNow(
  pageId: PageId,
  parts: WatchParts,
  newToken: Secret | null = null,
): Promise<void> {
  const { callback, fields, meta, pages } = parts
  const app = await meta(null).subscriptionsOfApp()
  const wanted = { callbackUrl: callback.url, fields }
  const isLost = app.kind === 'done' && appAlarm(app.value[0] ?? null, wanted) !== null
  const all = isLost ? (await pages.all()).map((one) => one.pageId) : [pageId]
  for (const id of all) {
    await againOnConflict(async () => {
      const page = await watchedPage(id, parts)
      if (page !== null) await lookAtPage(page, parts, id === pageId ? newToken : null)
    })
  }
}
