/** Whether a page is to be said connected, or connected no more, and how. Pure. */
import type { PageConnected, PageDisconnected } from '@otn/contracts'
import type { Identity, Latest, PageId, TokenId } from '@otn/kernel'
import { MESSAGING, stateOf } from './capability.ts'
import { eventIdAfter } from './fact-id.ts'
import type { Connection, PageDocument } from './page.ts'

/** What the platform told of a page and of its access token. */
export interface ConnectionWish {
  readonly pageId: PageId
  readonly name: string
  readonly appId: string
  readonly graphVersion: string | null
  readonly tokenKind: string | null
  readonly tokenExpiresAt: number | null
  readonly permissions: readonly string[]
  /** Under the pepper, as for any token. */
  readonly token: TokenId
  readonly requestedBy: string
}

interface Around {
  readonly known: Latest<Connection> | null
  readonly identity: Pick<Identity, 'event'>
  readonly nowMs: number
}

/** A connection without its access token, which is sealed under its id. */
export type UnsealedConnection = Omit<PageConnected, 'keyId' | 'sealed'>

interface Standing extends Around {
  /** Of the connection that stands; null where there is none. */
  readonly token: TokenId | null
  /** Sealed under another master key the same token is said again, so that the old one may go. */
  readonly sealingKeyId: string
}

/** Null where it stands already as it is wished. */
export function decideConnection(
  wish: ConnectionWish,
  { known, identity, nowMs, token, sealingKeyId }: Standing,
): UnsealedConnection | null {
  const { pageId, requestedBy, tokenKind, tokenExpiresAt } = wish
  const isSame = wish.token === token && known?.value.sealed?.keyId === sealingKeyId
  if (known?.value.isConnected && isSame && saysTheSame(known.value, wish)) return null
  const type = 'PageConnected'
  const { name, appId, graphVersion } = wish
  // As the import of pages makes it, so that the same page in a file adds nothing.
  const said = [
    ['appId', appId],
    ['graphVersion', graphVersion],
    ['name', name],
  ]
  const content = [...said.map((pair) => JSON.stringify(pair)), wish.token]
  const latest = known?.value.eventId
  return {
    ...{ type, eventId: eventIdAfter({ identity, type, pageId, content, latest }), pageId },
    ...{ at: younger(nowMs, known), name, appId, graphVersion, tokenKind, tokenExpiresAt },
    ...{ permissions: wish.permissions.join(','), requestedBy },
  }
}

/** Null where the page is not connected. */
export function decideDisconnection(
  { pageId, requestedBy }: Pick<ConnectionWish, 'pageId' | 'requestedBy'>,
  { known, identity, nowMs }: Around,
): PageDisconnected | null {
  if (!known?.value.isConnected) return null
  const type = 'PageDisconnected'
  const { eventId: latest, name, appId } = known.value
  const eventId = eventIdAfter({ identity, type, pageId, content: [], latest })
  return { type, eventId, pageId, at: younger(nowMs, known), name, appId, requestedBy }
}

function saysTheSame(known: Connection, wish: ConnectionWish): boolean {
  return (
    known.name === wish.name &&
    known.appId === wish.appId &&
    known.graphVersion === wish.graphVersion &&
    known.tokenKind === wish.tokenKind &&
    known.tokenExpiresAt === wish.tokenExpiresAt &&
    known.permissions.join() === wish.permissions.join()
  )
}

/** Readers let the younger fact hold, so it must be younger whatever clock wrote the other. */
function younger(nowMs: number, known: Latest<Connection> | null): number {
  return Math.max(nowMs, (known?.at ?? 0) + 1)
}

export interface NamedPage {
  readonly pageId: PageId
  readonly page: PageDocument
}

/**
 * The page of the same app that a further page must not stand beside, as long as nobody said that
 * the app passed its review; null where nothing hinders.
 * @see Messenger FAQ: an app that passed its review may follow several pages
 */
export function unreviewedBeside(
  pages: readonly NamedPage[],
  { pageId, appId }: Pick<ConnectionWish, 'pageId' | 'appId'>,
): PageId | null {
  const ofApp = pages.filter(({ page }) => page.connection?.value.appId === appId)
  const about = pages.filter((one) => one.pageId === pageId)
  const isReviewed = [...ofApp, ...about].some(
    ({ page }) => stateOf(page.capabilities, MESSAGING) === 'granted',
  )
  if (isReviewed) return null
  const other = ofApp.find(
    ({ pageId: id, page }) => id !== pageId && page.connection?.value.isConnected === true,
  )
  return other?.pageId ?? null
}
