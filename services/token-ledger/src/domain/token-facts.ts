/** The facts that follow from a token's state, in words of the contract. Ids are deterministic. */
import type { TokenEvent } from '@otn/contracts'
import type { Identity, TokenId } from '@otn/kernel'
import type { Consent } from './consent.ts'
import { type Calendar, expiresAt } from './expiry.ts'
import { type Notice, nextNotice } from './notice.ts'
import type { TokenView } from './token.ts'

interface Listed {
  readonly tokenId: TokenId
  readonly view: TokenView
  readonly consent: Consent
}

interface Telling {
  readonly identity: Identity
  readonly calendar: Calendar
}

/** The next notice of a token's expiry; null where none is due. */
export function noticeOf(
  { tokenId, view, consent }: Listed,
  { identity, calendar }: Telling,
): TokenEvent | null {
  const { grantedAt, noticed = null } = view
  const notice = nextNotice({ grantedAt, receivedAt: consent.at, noticed }, calendar)
  if (notice === null) return null
  const { pageId, person, topic } = view
  const about = { pageId, person, tokenId, topic, at: calendar.nowMs }
  const ends = { ...about, expiresAt: expiresAt(grantedAt, calendar) }
  const id = (type: TokenEvent['type'], days: Notice) =>
    identity.event(type, pageId, days === 0 ? [tokenId] : [tokenId, String(days)])
  if (notice === 0) return { type: 'TokenExpired', eventId: id('TokenExpired', 0), ...ends }
  const eventId = id('TokenExpiring', notice)
  return { type: 'TokenExpiring', eventId, ...ends, daysLeft: notice }
}

/** That a token is withdrawn by what was said of its person, its topic or itself. */
export function tokenWithdrawn(
  { tokenId, view }: Listed,
  { identity, calendar }: Telling,
): TokenEvent {
  const { pageId, person, topic } = view
  return {
    type: 'TokenWithdrawn',
    eventId: identity.event('TokenWithdrawn', pageId, [tokenId]),
    ...{ pageId, person, tokenId, topic },
    at: calendar.nowMs,
    reason: 'token-withdrawn',
  }
}
