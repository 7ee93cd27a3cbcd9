import { type PageId, type PersonId, pageId, personId } from '@otn/kernel'

/** Under which a person is kept: people of two pages are strangers to each other. */
export function personKey(of: { readonly pageId: PageId; readonly person: PersonId }): string {
  return `${of.pageId}/${of.person}`
}

/** Who is kept under a key: no page id holds a slash. */
export function personOf(key: string): { readonly pageId: PageId; readonly person: PersonId } {
  const end = key.indexOf('/')
  return { pageId: pageId(key.slice(0, end)), person: personId(key.slice(end + 1)) }
}
