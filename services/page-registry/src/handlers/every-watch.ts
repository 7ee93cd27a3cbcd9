/** Looks at each connected page: alarms first, then it mends, then it says what may be missing. */
import type { SetUpClient } from '@otn/graph-api'
import type { Clock, Identity, Latest } from '@otn/kernel'
import { alarmEvents } from '../domain/alarm-events.ts'
import type { Connection } from '../domain/page.ts'
import { decideWatch, type Expected, type Seen, type WatchDecision } from '../domain/watch.ts'
import { fieldsOf } from '../domain/webhook-fields.ts'
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
  const broken: { readonly page: WatchedPage; readonly mend: WatchDecision['mend'] }[] = []
  for (const page of await connectedPages(parts)) {
    // A round may last longer than a lease.
    if (!(await parts.lease.hold())) return
    const { mend } = await look(page, parts)
    if (mend.app || mend.page) broken.push({ page, mend })
  }
  const withoutApp = broken.find(({ mend }) => mend.app)
  if (withoutApp !== undefined) await mendApp(withoutApp.page, parts)
  for (const { page, mend } of broken) {
    if (mend.page) await mendPage(page, parts)
    await look(page, parts)
  }
}

async function connectedPages({ appId, pages }: EveryWatchParts): Promise<readonly WatchedPage[]> {
  const all = await pages.all()
  return all.flatMap((stored) => {
    const { connection } = stored.page
    const isOurs = connection?.value.isConnected === true && connection.value.appId === appId
    return isOurs ? [{ ...stored, connection }] : []
  })
}

/** What is told is written before it is remembered: after a crash it is told again, by one id. */
async function look(page: WatchedPage, parts: EveryWatchParts): Promise<WatchDecision> {
  const { pageId, connection } = page
  const { callback, fields, identity, log, tell, watched } = parts
  const expected: Expected = {
    ...{ callbackUrl: callback.url, fields },
    ...{ connectedAt: connection.at, connectionId: connection.value.eventId },
  }
  const seen = await see(page, parts)
  const decision = decideWatch(await watched.read(pageId), seen, expected)
  const events = alarmEvents(decision, { pageId, identity, nowMs: seen.atMs })
  if (events.length > 0) await log.publishAlarms(events)
  await watched.save(pageId, decision.state)
  tell.watched(pageId, decision)
  return decision
}

async function see(page: WatchedPage, parts: EveryWatchParts): Promise<Seen> {
  const { pageId, connection } = page
  const { appId, clock, meta: metaOf } = parts
  const meta = metaOf(connection.value.graphVersion)
  const accessToken = parts.tokens.open(pageId, connection.value)
  const app = await meta.subscriptionsOfApp()
  const token = accessToken && (await meta.inspect(accessToken))
  const followers = accessToken && (await meta.followersOf({ pageId, accessToken }))
  const ours =
    followers?.kind === 'done' ? followers.value.find((one) => one.appId === appId) : undefined
  const refusals = [app, token, followers].flatMap((one) => (one?.kind === 'refused' ? [one] : []))
  return {
    atMs: clock.nowMs(),
    isAppRead: app.kind === 'done',
    subscription: app.kind === 'done' ? (app.value[0] ?? null) : null,
    isPageRead: followers?.kind === 'done',
    pageFields: ours?.fields ?? null,
    token: token?.kind === 'done' ? token.value : null,
    fault: refusals[0]?.fault.meaning ?? null,
  }
}

/** What fails here the look after it sees, and the next round tries again. */
async function mendApp(
  { pageId, connection }: WatchedPage,
  { callback, fields, meta, tell }: EveryWatchParts,
): Promise<void> {
  const { url: callbackUrl, verifyToken } = callback
  const wish = { callbackUrl, verifyToken, fields }
  const answer = await meta(connection.value.graphVersion).subscribeApp(wish)
  if (answer.kind === 'refused') tell.notMended(pageId, answer.fault)
}

async function mendPage(
  { pageId, connection }: WatchedPage,
  { appId, fields, meta: metaOf, tell, tokens }: EveryWatchParts,
): Promise<void> {
  const meta = metaOf(connection.value.graphVersion)
  const accessToken = tokens.open(pageId, connection.value)
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
