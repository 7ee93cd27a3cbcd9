import { isAppError, type PageId, type Secret } from '@otn/kernel'
import type { Connection } from '../domain/page.ts'
import type { PageTokens } from '../ports.ts'

/**
 * The page token of a connection; null where none is known, or where it does not open: under a
 * master key that was taken away a page must still be connected anew, left, and watched.
 * @param unreadable is told why it does not open
 */
export function readableToken(
  tokens: Pick<PageTokens, 'open'>,
  { pageId, connection }: { readonly pageId: PageId; readonly connection: Connection },
  unreadable: (error: unknown) => void = () => {},
): Secret | null {
  try {
    return tokens.open(pageId, connection)
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('OTN_VAULT_')) throw error
    unreadable(error)
    return null
  }
}
