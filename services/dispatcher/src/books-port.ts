/** What our own claims say of questions that were put to people. */
import type { PageId, PersonId } from '@otn/kernel'
import type { Asked } from './domain/asking.ts'

export interface BooksQuestion {
  /** Whose own question does not count. */
  readonly id: string
  readonly pageId: PageId
  readonly person: PersonId
  /** Questions before it do not count; business clock. */
  readonly sinceMs: number
  /** The page's questions are counted from here on. */
  readonly pageSinceMs: number
  /** Nobody counts further. */
  readonly pageMax: number
}

/** Questions that other commands put, or may have. */
export interface Books {
  look(question: BooksQuestion): Promise<{
    readonly ofPerson: readonly Asked[]
    readonly onPage: number
  }>
}
