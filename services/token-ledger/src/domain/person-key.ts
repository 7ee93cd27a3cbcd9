import type { PageId, PersonId } from '@otn/kernel'

/** Under which a person is kept: people of two pages are strangers to each other. */
export function personKey(of: { readonly pageId: PageId; readonly person: PersonId }): string {
  return `${of.pageId}/${of.person}`
}
