/** Looks at each connected page: alarms first, then it mends, then it says what may be missing. */
import type { SetUpClient } from '@otn/graph-api'
import type { PageId } from '@otn/kernel'
import type { WatchDecision } from '../domain/watch.ts'
import { fieldsOf } from '../domain/webhook-fields.ts'
import type { Callback, Lease } from '../ports.ts'
import { againOnConflict } from '../watching/again-on-conflict.ts'
import { lookAtPage } from '../watching/look-at-page.ts'
import { tokenOf } from '../watching/see-page.ts'
import { type WatchedPage, type WatchParts, watchedPage } from '../watching/watch-parts.ts'

export interface EveryWatchParts extends WatchParts {
  /** Between two rounds, ms of the business clock. */
  readonly watchMs: number
  readonly lease: Lease
  readonly callback: Pick<Callback, 'url' | 'verifyToken'>
}

/** One look: a round where one is due and the lease is ours. Never throws. */
export function everyWatch(parts: EveryWatchParts): () => Promise<void> {
  const { clock, lease, tell, watchMs } = parts
  return async () => {
    try {
      if (!(await lease.hold())) return
      const last = await lease.lastRoundAt()
      const nowMs = clock.nowMs()
      if (last !== null && nowMs >= last && nowMs - last < watchMs) return
      await lease.beginRound(nowMs)
      await round(parts)
    } catch (error) {
      tell.watchFailed(error)
    }
  }
}

/**
 * All pages are seen before anything is mended: what ended for the app ended for each of them, and
 * each has a gap to be told of.
 */
async function round(parts: EveryWatchParts): Promise<void> {
  const broken: BrokenPage[] = []
  for (const { pageId } of await parts.pages.all()) {
    // A round may last longer than a lease.
    if (!(await parts.lease.hold())) return
    const decision = await withPage(pageId, parts, (page) => lookAtPage(page, parts))
    if (decision?.mend.app || decision?.mend.page) broken.push({ pageId, mend: decision.mend })
  }
  const isAppMended = await mendAppOf(broken, parts)
  for (const { pageId, mend } of broken) {
    if (!(await parts.lease.hold())) return
    // Followed by itself a page would look well while the platform still sends nothing of it.
    const mayMend = mend.page && (!mend.app || isAppMended)
    if (mayMend) await withPage(pageId, parts, (page) => mendPage(page, parts))
    if (mayMend || isAppMended) await withPage(pageId, parts, (page) => lookAtPage(page, parts))
  }
}

interface BrokenPage {
  readonly pageId: PageId
  readonly mend: WatchDecision['mend']
}

/** Once for all pages, and tried once: the platform calls our address each time. */
async function mendAppOf(broken: readonly BrokenPage[], parts: EveryWatchParts): Promise<boolean> {
  for (const { pageId, mend } of broken) {
    if (!mend.app) continue
    if (!(await parts.lease.hold())) return false
    const isMended = await withPage(pageId, parts, (page) => mendApp(page, parts))
    if (isMended !== null) return isMended
  }
  return false
}

/** What fails for one page is told, and the others are watched all the same. */
async function withPage<T>(
  pageId: PageId,
  parts: EveryWatchParts,
  act: (page: WatchedPage) => Promise<T>,
): Promise<T | null> {
  try {
    return await againOnConflict(async () => {
      const page = await watchedPage(pageId, parts)
      return page === null ? null : await act(page)
    })
  } catch (error) {
    parts.tell.pageNotWatched(pageId, error)
    return null
  }
}

/** @returns whether it was; else the next round tries again */
async function mendApp(
  { pageId, connection }: WatchedPage,
  { callback, fields, meta, tell }: EveryWatchParts,
): Promise<boolean> {
  const { url: callbackUrl, verifyToken } = callback
  const wish = { callbackUrl, verifyToken, fields }
  const answer = await meta(connection.value.graphVersion).subscribeApp(wish)
  if (answer.kind === 'refused') tell.notMended(pageId, answer.fault)
  return answer.kind === 'done'
}

/** What fails here the look after it sees, and the next round tries again. */
async function mendPage(broken: WatchedPage, parts: EveryWatchParts): Promise<void> {
  const { pageId, connection } = broken
  const { appId, fields, tell } = parts
  const meta = parts.meta(connection.value.graphVersion)
  const accessToken = tokenOf(broken, parts)
  if (accessToken === null) return
  const page = { pageId, accessToken }
  const all = fieldsOf([...fields, ...(await ownFields(page, { appId, meta }))])
  const answer = await meta.followPage(page, all)
  if (answer.kind === 'refused') tell.notMended(pageId, answer.fault)
}

/** Following again sets the fields anew: what somebody else chose for our app stays. */
async function ownFields(
  page: Parameters<SetUpClient['followersOf']>[0],
  { appId, meta }: { readonly appId: string; readonly meta: SetUpClient },
): Promise<readonly string[]> {
  const answer = await meta.followersOf(page)
  if (answer.kind === 'refused') return []
  return answer.value.find((one) => one.appId === appId)?.fields ?? []
}
