/** Looks at each connected page: alarms first, then it mends, then it says what may be missing. */
import type { AlarmEvent } from '@otn/contracts'
import type { SetUpClient } from '@otn/graph-api'
import type { Clock, Identity, Latest, PageId } from '@otn/kernel'
import { alarmEvents } from '../domain/alarm-events.ts'
import type { Connection } from '../domain/page.ts'
import { decideWatch, type Expected, type Seen, type WatchDecision } from '../domain/watch.ts'
import { fieldsOf } from '../domain/webhook-fields.ts'
import { readableToken } from '../onboarding/readable-token.ts'
import type {
  Callback,
  Lease,
  Log,
  MetaOf,
  Pages,
  PageTokens,
  StoredPage,
  TellWatch,
  Watched,
} from '../ports.ts'

export interface EveryWatchParts {
  readonly appId: string
  readonly fields: readonly string[]
  /** Between two rounds, ms of the business clock. */
  readonly watchMs: number
  readonly clock: Clock
  readonly identity: Identity
  readonly lease: Lease
  readonly pages: Pages
  readonly watched: Watched
  readonly tokens: PageTokens
  readonly meta: MetaOf
  readonly callback: Pick<Callback, 'url' | 'verifyToken'>
  readonly log: Log
  readonly tell: TellWatch
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

interface WatchedPage extends StoredPage {
  readonly connection: Latest<Connection>
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
    const decision = await withPage(pageId, parts, (page) => look(page, parts))
    if (decision?.mend.app || decision?.mend.page) broken.push({ pageId, mend: decision.mend })
  }
  const isAppMended = await mendAppOf(broken, parts)
  for (const { pageId, mend } of broken) {
    if (!(await parts.lease.hold())) return
    // Followed by itself a page would look well while the platform still sends nothing of it.
    const mayMend = mend.page && (!mend.app || isAppMended)
    if (mayMend) await withPage(pageId, parts, (page) => mendPage(page, parts))
    if (mayMend || isAppMended) await withPage(pageId, parts, (page) => look(page, parts))
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
    const page = await connectedPage(pageId, parts)
    return page === null ? null : await act(page)
  } catch (error) {
    parts.tell.pageNotWatched(pageId, error)
    return null
  }
}

/** Read again each time: a round is long, and a page that was left meanwhile is not ours. */
async function connectedPage(
  pageId: PageId,
  { appId, pages }: EveryWatchParts,
): Promise<WatchedPage | null> {
  const stored = await pages.read(pageId)
  const { connection } = stored.page
  const isOurs = connection?.value.isConnected === true && connection.value.appId === appId
  return isOurs ? { ...stored, connection } : null
}

/**
 * What is told is written before it is remembered: after a crash it is told again, by one id. What
 * the log does not take is owed: mended meanwhile, the page would look as if it had always been
 * well.
 */
async function look(page: WatchedPage, parts: EveryWatchParts): Promise<WatchDecision> {
  const { pageId, connection } = page
  const { callback, fields, identity, tell, watched } = parts
  const expected: Expected = {
    ...{ callbackUrl: callback.url, fields },
    ...{ connectedAt: connection.at, connectionId: connection.value.eventId },
  }
  const seen = await see(page, parts)
  const before = await watched.read(pageId)
  const decision = decideWatch(before, seen, expected)
  const events = [...before.owed, ...alarmEvents(decision, { pageId, identity, nowMs: seen.atMs })]
  const isTold = events.length === 0 || (await published(events, page, parts))
  await watched.save(pageId, { ...decision.state, owed: isTold ? [] : events })
  tell.watched(pageId, decision)
  return decision
}

async function published(
  events: readonly AlarmEvent[],
  { pageId }: WatchedPage,
  { log, tell }: EveryWatchParts,
): Promise<boolean> {
  try {
    await log.publishAlarms(events)
    return true
  } catch (error) {
    tell.alarmsOwed(pageId, error)
    return false
  }
}

/** A page token that does not open counts as none: the app is looked at all the same. */
function tokenOf({ pageId, connection }: WatchedPage, { tokens, tell }: EveryWatchParts) {
  return readableToken(tokens, { pageId, connection: connection.value }, (error) =>
    tell.tokenUnreadable(pageId, error),
  )
}

const UNREADABLE = 'No page token is known that opens'

async function see(page: WatchedPage, parts: EveryWatchParts): Promise<Seen> {
  const { pageId, connection } = page
  const { appId, clock, meta: metaOf } = parts
  const meta = metaOf(connection.value.graphVersion)
  const fromMs = clock.nowMs()
  const accessToken = tokenOf(page, parts)
  const app = await meta.subscriptionsOfApp()
  const token = accessToken && (await meta.inspect(accessToken))
  const followers = accessToken && (await meta.followersOf({ pageId, accessToken }))
  const ours =
    followers?.kind === 'done' ? followers.value.find((one) => one.appId === appId) : undefined
  const others = followers?.kind === 'done' ? followers.value.map((one) => one.appId) : []
  const refusals = [app, token, followers].flatMap((one) => (one?.kind === 'refused' ? [one] : []))
  return {
    ...{ fromMs, atMs: clock.nowMs() },
    isAppRead: app.kind === 'done',
    subscription: app.kind === 'done' ? (app.value[0] ?? null) : null,
    isPageRead: followers?.kind === 'done',
    pageFields: ours?.fields ?? null,
    otherApps: others.filter((id) => id !== appId),
    token: token?.kind === 'done' ? token.value : null,
    fault: refusals[0]?.fault.meaning ?? (accessToken === null ? UNREADABLE : null),
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
async function mendPage(watchedPage: WatchedPage, parts: EveryWatchParts): Promise<void> {
  const { pageId, connection } = watchedPage
  const { appId, fields, tell } = parts
  const meta = parts.meta(connection.value.graphVersion)
  const accessToken = tokenOf(watchedPage, parts)
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
