/** What a command may name a person by. */
import { isPageScopedUserId } from '@otn/kernel'

const EXTERNAL_USER_ID_UNITS_MAX = 256
const CONTROL = /\p{Cc}/u
const TOKEN_ID = /^[0-9a-f]{32}$/

/** What stands in place of an id of its kind; null where each is one. */
export function recipientFault({
  psid,
  tokenId,
  externalUserId,
}: {
  readonly psid?: string | null
  readonly tokenId?: string | null
  readonly externalUserId?: string | null
}): { readonly field: string; readonly wanted: string } | null {
  if (isGiven(psid) && !isPageScopedUserId(psid)) return { field: 'psid', wanted: '1 to 20 digits' }
  if (isGiven(tokenId) && !TOKEN_ID.test(tokenId)) {
    return { field: 'tokenId', wanted: '32 hex digits' }
  }
  if (isGiven(externalUserId) && !isExternalUserId(externalUserId)) {
    const wanted = `1 to ${EXTERNAL_USER_ID_UNITS_MAX} characters without control characters`
    return { field: 'externalUserId', wanted }
  }
  return null
}

/** An empty text is given, and is an id of no kind. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}

/** Opaque text of the page's site; what UTF-8 cannot carry would name somebody else. */
function isExternalUserId(text: string): boolean {
  const isSized = text.length > 0 && text.length <= EXTERNAL_USER_ID_UNITS_MAX
  return isSized && !CONTROL.test(text) && text.isWellFormed()
}
