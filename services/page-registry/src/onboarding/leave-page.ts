/** The way back: the page is followed no more, and the log says that it is not ours. */
import { alarmEvents } from '../domain/alarm-events.ts'
import { decideDisconnection } from '../domain/connect.ts'
import { decideLeaving } from '../domain/watch.ts'
import type { StoredPage } from '../ports.ts'
import { againOnConflict } from '../watching/again-on-conflict.ts'
import { lookNow } from '../watching/look-now.ts'
import { tellOwed } from '../watching/tell-owed.ts'
import { type Checklist, createChecklist } from './checklist.ts'
import type { Onboarding } from './onboarding.ts'
import { readableToken } from './readable-token.ts'

const UNFOLLOW_STEPS = ['page-unfollowed'] as const
const DISCONNECT_STEPS = [...UNFOLLOW_STEPS, 'disconnected', 'app-unsubscribed'] as const

export type LeaveReport = ReturnType<Checklist<string>['report']>

/** Asks the platform to tell us no more of a page; the page stays connected here. */
export async function unfollowPage(stored: StoredPage, parts: Onboarding): Promise<LeaveReport> {
  const list = createChecklist(UNFOLLOW_STEPS)
  await unfollow(list, stored, parts)
  return list.report()
}

export interface DisconnectWish {
  readonly requestedBy: string
  /** Also where the platform refuses to unfollow, as it does for a dead page token. */
  readonly isForced: boolean
  /** Ends the app's own subscription too, where no other page is connected. */
  readonly removesApp: boolean
}

/**
 * Unfollows, then says so on the log: a page that still sent events would only fill the quarantine.
 * Again it changes nothing. @throws OTN_BUS_*, OTN_STORE_UNREACHABLE
 */
export async function disconnectPage(
  stored: StoredPage,
  { requestedBy, isForced, removesApp }: DisconnectWish,
  parts: Onboarding,
): Promise<LeaveReport> {
  const list = createChecklist(DISCONNECT_STEPS)
  await lookNow(stored.pageId, parts)
  const isLeft = await unfollow(list, stored, parts)
  if (!isLeft && !isForced) return list.report()
  if (!isLeft) list.done('page-unfollowed', 'The platform refused; you wanted to go on.')
  const { pageId, page } = stored
  const { identity, clock, log, untilFolded } = parts
  const around = { known: page.connection, identity, nowMs: clock.nowMs() }
  const fact = decideDisconnection({ pageId, requestedBy }, around)
  if (fact !== null) {
    await log.publishPage(fact)
    await untilFolded(pageId, (now) => now.page.connection?.seen.includes(fact.eventId) === true)
  }
  await endWatch(stored, parts)
  const already = 'The page was not connected any more.'
  list.done('disconnected', fact === null ? already : 'Nothing goes out for the page any more.')
  await leaveApp(list, { stored, removesApp }, parts)
  return list.report()
}

async function unfollow(
  list: Checklist<'page-unfollowed'>,
  { pageId, page }: StoredPage,
  { meta, tokens }: Onboarding,
): Promise<boolean> {
  const { connection } = page
  const accessToken = connection && readableToken(tokens, { pageId, connection: connection.value })
  if (connection === null || accessToken === null) {
    list.done('page-unfollowed', 'No page token is known that opens, so nothing is asked.')
    return true
  }
  const call = meta(connection.value.graphVersion).unfollowPage({ pageId, accessToken })
  const answer = await list.ask('page-unfollowed', call, () => 'The page is followed no more.')
  return answer !== null
}

/** @throws OTN_BUS_*: what is owed then is told where somebody asks again */
async function endWatch({ pageId, page }: StoredPage, parts: Onboarding): Promise<void> {
  const { watched, identity, clock } = parts
  const nowMs = clock.nowMs()
  await againOnConflict(async () => {
    const { state: before, revision } = await watched.read(pageId)
    const around = { connectedAt: page.connection?.at ?? nowMs, nowMs }
    const { state, cleared, gap } = decideLeaving(before, around)
    const events = alarmEvents({ raised: [], cleared, gap }, { pageId, identity, nowMs })
    const left = { state: { ...state, owed: [...before.owed, ...events] }, revision }
    await tellOwed(pageId, await watched.save(pageId, left), parts)
  })
}

interface Leaving {
  readonly stored: StoredPage
  readonly removesApp: boolean
}

async function leaveApp(
  list: Checklist<'app-unsubscribed'>,
  { stored, removesApp }: Leaving,
  { pages, meta }: Onboarding,
): Promise<void> {
  if (!removesApp) return list.done('app-unsubscribed', 'The app stays subscribed.')
  const all = await pages.all()
  const other = all.find(
    ({ pageId, page }) => pageId !== stored.pageId && page.connection?.value.isConnected === true,
  )
  if (other !== undefined) {
    const sentence = `The app stays subscribed, for page ${other.pageId} is connected.`
    const next = `pnpm otn pages disconnect ${other.pageId}`
    list.failed('app-unsubscribed', { sentence, next })
    return
  }
  await list.ask('app-unsubscribed', meta(null).unsubscribeApp(), () => {
    return 'The platform sends nothing of any page to the app any more.'
  })
}
