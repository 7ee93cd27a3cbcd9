/**
 * From a login to a page that is connected, step by step; again it changes nothing, and what fails
 * in the middle leaves no word of a connection on the log (ADR 0022).
 */
import type { PageConnected } from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import { type ConnectionWish, decideConnection } from '../domain/connect.ts'
import { seenWell } from '../domain/watch.ts'
import type { StoredPage } from '../ports.ts'
import { type Checklist, createChecklist } from './checklist.ts'
import { FOLLOW_STEPS, followPage } from './follow-page.ts'
import { IDENTITY_STEPS, type IdentifiedPage, identifyPage, type Login } from './identify-page.ts'
import type { Onboarding } from './onboarding.ts'
import { readableToken } from './readable-token.ts'
import { APP_STEPS, subscribeApp } from './subscribe-app.ts'

const CONNECT_STEPS = [...IDENTITY_STEPS, ...APP_STEPS, ...FOLLOW_STEPS, 'connected'] as const

type ConnectList = Checklist<(typeof CONNECT_STEPS)[number]>

export interface ConnectWish extends Login {
  readonly beside: readonly string[]
  readonly requestedBy: string
}

export type ConnectReport = ReturnType<ConnectList['report']>

/** @throws OTN_STORE_UNREACHABLE */
export async function connectPage(
  wish: ConnectWish,
  onboarding: Onboarding,
): Promise<ConnectReport> {
  const list = createChecklist(CONNECT_STEPS)
  const page = await identifyPage(list, wish, onboarding)
  if (page === null) return list.report()
  if ((await subscribeApp(list, wish.pageId, onboarding)) === null) return list.report()
  const credentials = { ...wish, accessToken: page.accessToken }
  const followed = await followPage(list, credentials, onboarding)
  if (followed === null) return list.report()
  try {
    await publish(list, { wish, page }, onboarding)
  } catch (error) {
    // A page that is followed and not known here would only fill the quarantine.
    if (!followed.followedBefore) {
      await onboarding.meta(wish.graphVersion).unfollowPage(credentials)
    }
    list.failed('connected', notPublished(error))
  }
  return list.report()
}

interface Identified {
  readonly wish: ConnectWish
  readonly page: IdentifiedPage
}

async function publish(list: ConnectList, given: Identified, parts: Onboarding): Promise<void> {
  const { pageId } = given.wish
  const { appId, clock, identity, log, pages, tokens, watched, untilFolded } = parts
  const stored = await pages.read(pageId)
  const said: ConnectionWish = {
    ...{ pageId, appId, name: given.page.name, graphVersion: given.wish.graphVersion },
    ...given.page.said,
    token: identity.token(pageId, given.page.accessToken.reveal()),
    requestedBy: given.wish.requestedBy,
  }
  const nowMs = clock.nowMs()
  const known = stored.page.connection
  const token = tokenOf(stored, parts)
  const { sealingKeyId } = tokens
  const fact = decideConnection(said, { known, identity, nowMs, token, sealingKeyId })
  if (fact !== null) {
    const { accessToken } = given.page
    const sealed = tokens.seal(pageId, { eventId: fact.eventId, accessToken })
    const event: PageConnected = { ...fact, ...sealed }
    await log.publishPage(event)
    const has = ({ page }: StoredPage) => page.connection?.seen.includes(fact.eventId) === true
    await untilFolded(pageId, has)
  }
  await watched.save(pageId, seenWell(await watched.read(pageId), nowMs))
  list.done('connected', fact === null ? 'The page is connected already.' : sentenceOf(known))
}

function sentenceOf(known: StoredPage['page']['connection']): string {
  return known?.value.isConnected
    ? 'The connection stands on the log anew, with this page token.'
    : 'The page is connected; its token stands sealed on the log.'
}

function tokenOf({ pageId, page }: StoredPage, { identity, tokens }: Onboarding) {
  const { connection } = page
  const opened = connection && readableToken(tokens, { pageId, connection: connection.value })
  return opened === null ? null : identity.token(pageId, opened.reveal())
}

function notPublished(error: unknown) {
  if (!isAppError(error) || !error.retryable) throw error
  return {
    sentence: `The connection could not be written down (${error.code}).`,
    next: 'Nothing was left behind: run the same command again.',
  }
}
