/**
 * From a login to a page that is connected, step by step; again it changes nothing, and what fails
 * in the middle leaves no word of a connection on the log (ADR 0022).
 */
import type { PageConnected } from '@otn/contracts'
import { type EventId, isAppError, type PageId } from '@otn/kernel'
import { type ConnectionWish, decideConnection } from '../domain/connect.ts'
import { seenWell } from '../domain/watch-state.ts'
import type { StoredPage } from '../ports.ts'
import { againOnConflict } from '../watching/again-on-conflict.ts'
import { lookNow } from '../watching/look-now.ts'
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
  // What stands is read before anything changes at the platform, for the store may be away.
  const stored = await onboarding.pages.read(wish.pageId)
  await lookNow(wish.pageId, onboarding, page.accessToken)
  if ((await subscribeApp(list, wish.pageId, onboarding)) === null) return list.report()
  const credentials = { ...wish, accessToken: page.accessToken }
  const followed = await followPage(list, credentials, onboarding)
  if (followed === null) return list.report()
  await publish(list, { wish, page, stored, ...followed }, onboarding)
  return list.report()
}

interface Identified {
  readonly wish: ConnectWish
  readonly page: IdentifiedPage
  readonly stored: StoredPage
  readonly followedBefore: boolean
}

async function publish(list: ConnectList, given: Identified, parts: Onboarding): Promise<void> {
  const { pageId } = given.wish
  const { clock, log, tokens } = parts
  const known = given.stored.page.connection
  const nowMs = clock.nowMs()
  const fact = connectionOf(given, nowMs, parts)
  if (fact !== null) {
    const { accessToken } = given.page
    const sealed = tokens.seal(pageId, { eventId: fact.eventId, accessToken })
    const event: PageConnected = { ...fact, ...sealed }
    try {
      await log.publishPage(event)
    } catch (error) {
      list.failed('connected', await notPublished(error, given, parts))
      return
    }
  }
  list.done('connected', fact === null ? 'The page is connected already.' : sentenceOf(known))
  // The log says it: what fails from here on the fold and the watch make good by themselves.
  await remember({ pageId, nowMs, eventId: fact?.eventId ?? null }, parts).catch(() => {})
}

function connectionOf({ wish, page, stored }: Identified, nowMs: number, parts: Onboarding) {
  const { pageId, graphVersion, requestedBy } = wish
  const { appId, identity, tokens } = parts
  const said: ConnectionWish = {
    ...{ pageId, appId, name: page.name, graphVersion, requestedBy },
    ...page.said,
    token: identity.token(pageId, page.accessToken.reveal()),
  }
  const known = stored.page.connection
  const token = tokenOf(stored, parts)
  const { sealingKeyId } = tokens
  return decideConnection(said, { known, identity, nowMs, token, sealingKeyId })
}

interface Connected {
  readonly pageId: PageId
  readonly nowMs: number
  /** Null = it was connected already. */
  readonly eventId: EventId | null
}

async function remember({ pageId, nowMs, eventId }: Connected, parts: Onboarding): Promise<void> {
  const { untilFolded, watched } = parts
  const has = ({ page }: StoredPage, id: EventId) => page.connection?.seen.includes(id) === true
  if (eventId !== null) await untilFolded(pageId, (stored) => has(stored, eventId))
  await againOnConflict(async () => {
    const { state, revision } = await watched.read(pageId)
    await watched.save(pageId, { state: seenWell(state, nowMs), revision })
  })
  const { state } = await watched.read(pageId)
  if (state.alarms.length > 0) await lookNow(pageId, parts)
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

/**
 * A page that is followed and not known here would only fill the quarantine. One that the log may
 * say connected stays followed: else its opt-ins were lost and nobody knew.
 */
async function notPublished(error: unknown, given: Identified, parts: Onboarding) {
  const { wish, page, stored, followedBefore } = given
  if (parts.log.mayHold(error)) {
    return {
      sentence: `Whether the connection was written down is not known (${codeOf(error)}).`,
      next: 'The page stays followed: run the same command again.',
    }
  }
  if (!followedBefore && stored.page.connection?.value.isConnected !== true) {
    await parts
      .metaToUndo(wish.graphVersion)
      .unfollowPage({ ...wish, accessToken: page.accessToken })
  }
  if (!isAppError(error) || !error.retryable) throw error
  return {
    sentence: `The connection could not be written down (${error.code}).`,
    next: 'Nothing was left behind: run the same command again.',
  }
}

const codeOf = (error: unknown) => (isAppError(error) ? error.code : 'unknown')
