/** What is owed and due, as the look for it asks. */
import type { PageId } from '@otn/kernel'
import type { StoredCommand } from './domain/document.ts'

export interface DueQuery {
  /** Business clock. */
  readonly nowMs: number
  readonly limit: number
  /** Pages whose commands are left alone, those to be given up excepted. */
  readonly without: readonly PageId[] | 'all'
  /** Pages whose notifications of campaigns are left alone besides: others of theirs go first. */
  readonly withoutMembers?: readonly PageId[]
  /** Of these, held until somebody acts, a command that was not told so is given all the same. */
  readonly untold?: readonly PageId[]
  /** Commands this process works on already. */
  readonly busy: ReadonlySet<string>
}

/** What is owed and due. */
export interface Agenda {
  /** Takes the lease of documents that nobody has; each is given to one asker only. */
  takeDue(query: DueQuery): Promise<readonly StoredCommand[]>
}
