/** What a command may name a person by. */

/** What the platform names a person by, and what we name a token by. */
const PSID = /^\d{1,20}$/
const TOKEN_ID = /^[0-9a-f]{32}$/

/** What stands in place of an id of its kind; null where each is one. */
export function recipientFault({
  psid,
  tokenId,
}: {
  readonly psid?: string | null
  readonly tokenId?: string | null
}): { readonly field: string; readonly wanted: string } | null {
  if (isGiven(psid) && !PSID.test(psid)) return { field: 'psid', wanted: '1 to 20 digits' }
  if (isGiven(tokenId) && !TOKEN_ID.test(tokenId)) {
    return { field: 'tokenId', wanted: '32 hex digits' }
  }
  return null
}

/** An empty text is given, and is an id of no kind. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
