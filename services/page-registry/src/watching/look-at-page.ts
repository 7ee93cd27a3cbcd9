/** One look at one page: what was seen, what it means, what is told of it. */
import type { Secret } from '@otn/kernel'
import { alarmEvents } from '../domain/alarm-events.ts'
import { decideWatch, type WatchDecision } from '../domain/watch.ts'
import { seePage } from './see-page.ts'
import { tellOwed } from './tell-owed.ts'
import type { WatchedPage, WatchParts } from './watch-parts.ts'

/**
 * What is to be told is remembered with what was seen, in one write, and told then: after a crash
 * or with the log away it is told at the next look, by the same ids. Nothing is told of a look that
 * somebody else's overtook.
 * @param newToken as `seePage`
 * @throws OTN_STORE_CONFLICT where somebody wrote meanwhile: look again
 */
export async function lookAtPage(
  page: WatchedPage,
  parts: WatchParts,
  newToken: Secret | null = null,
): Promise<WatchDecision> {
  const { pageId, connection } = page
  const { callback, fields, identity, tell, watched } = parts
  // Before the platform is asked: what was changed there since is somebody's who writes as well.
  const { state: before, revision } = await watched.read(pageId)
  const seen = await seePage(page, parts, newToken)
  const decision = decideWatch(before, seen, {
    ...{ callbackUrl: callback.url, fields },
    ...{ connectedAt: connection.at, connectionId: connection.value.eventId },
  })
  const events = alarmEvents(decision, { pageId, identity, nowMs: seen.atMs })
  const state = { ...decision.state, owed: [...before.owed, ...events] }
  const stored = await watched.save(pageId, { state, revision })
  tell.watched(pageId, decision)
  await tellOwed(pageId, stored, parts).catch((error) => tell.alarmsOwed(pageId, error))
  return decision
}
