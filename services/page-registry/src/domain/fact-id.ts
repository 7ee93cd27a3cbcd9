import type { EventId, Identity, PageId } from '@otn/kernel'

/**
 * The id of a fact about a page: what it says, and the id of the fact before it of the same kind.
 * Asked twice, or by two people at once, it is the same fact, while a token that was replaced and
 * put back is a new one. The import of pages makes its ids alike.
 */
export function eventIdAfter({
  identity,
  type,
  pageId,
  content,
  latest,
}: {
  readonly identity: Pick<Identity, 'event'>
  readonly type: string
  readonly pageId: PageId
  /** Never a secret. */
  readonly content: readonly string[]
  readonly latest: EventId | undefined
}): EventId {
  return identity.event(type, pageId, [...content, latest ?? ''])
}
