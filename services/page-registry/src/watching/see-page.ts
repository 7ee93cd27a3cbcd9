/** What the platform says of a page: its subscriptions, its followers, its token. */
import type { Secret } from '@otn/kernel'
import type { Seen } from '../domain/seen.ts'
import { readableToken } from '../onboarding/readable-token.ts'
import type { WatchedPage, WatchParts } from './watch-parts.ts'

const UNREADABLE = 'No page token is known that opens'

/** A page token that does not open counts as none: the app is looked at all the same. */
export function tokenOf(
  { pageId, connection }: WatchedPage,
  { tokens, tell }: Pick<WatchParts, 'tokens' | 'tell'>,
): Secret | null {
  return readableToken(tokens, { pageId, connection: connection.value }, (error) =>
    tell.tokenUnreadable(pageId, error),
  )
}

/**
 * Never throws for what the platform says or fails to say.
 * @param newToken in place of the one we have, of which nothing is then asked
 */
export async function seePage(
  page: WatchedPage,
  parts: WatchParts,
  newToken: Secret | null = null,
): Promise<Seen> {
  const { pageId, connection } = page
  const { appId, clock, meta: metaOf } = parts
  const meta = metaOf(connection.value.graphVersion)
  const fromMs = clock.nowMs()
  const accessToken = newToken ?? tokenOf(page, parts)
  const app = await meta.subscriptionsOfApp()
  // Who is not there is not asked three times for every page.
  const isAway = app.kind === 'refused' && app.fault.reason === 'not-reached'
  const asked = isAway ? null : accessToken
  const token = asked && newToken === null ? await meta.inspect(asked) : null
  const followers = asked && (await meta.followersOf({ pageId, accessToken: asked }))
  const all = followers?.kind === 'done' ? followers.value : []
  const refusals = [app, token, followers].flatMap((one) => (one?.kind === 'refused' ? [one] : []))
  return {
    ...{ fromMs, atMs: clock.nowMs() },
    isAppRead: app.kind === 'done',
    subscription: app.kind === 'done' ? (app.value[0] ?? null) : null,
    isPageRead: followers?.kind === 'done',
    pageFields: all.find((one) => one.appId === appId)?.fields ?? null,
    otherApps: all.map((one) => one.appId).filter((id) => id !== appId),
    token: token?.kind === 'done' ? token.value : null,
    fault: refusals[0]?.fault.meaning ?? (accessToken === null ? UNREADABLE : null),
  }
}
