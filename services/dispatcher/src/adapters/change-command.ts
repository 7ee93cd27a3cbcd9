import type { Change, StoredCommand } from '../domain/document.ts'
import type { Changed, DecideChange } from '../ports.ts'

/** `changed-meanwhile`: the document is not of the revision any more that was decided upon. */
export type Written = 'written' | 'token-taken' | 'changed-meanwhile'

/** One document, read and written by compare-and-set. */
export interface DocumentAccess {
  read(id: string): Promise<StoredCommand | null>
  /** Writes onto the very revision the step is from. */
  write(id: string, step: RevisionStep, change: Change): Promise<Written>
  /** Of a document that comes into being: none that stood under any id before. */
  firstRevision(): number
}

export interface RevisionStep {
  /** 0 = there must be no document. */
  readonly from: number
  readonly to: number
}

/**
 * Decides and writes until the write meets the very revision it was decided upon: whatever guard
 * the decision looked at holds at the moment of the write.
 */
export async function changeCommand(
  access: DocumentAccess,
  known: StoredCommand | string,
  decide: DecideChange,
): Promise<Changed> {
  const id = typeof known === 'string' ? known : known.id
  let document = typeof known === 'string' ? await access.read(id) : known
  for (;;) {
    const change = decide(document)
    if (change === null) return { kind: 'unchanged', document }
    const { revision: from = 0, doubtMs = 0, isTaken = false } = document ?? {}
    const to = document === null ? access.firstRevision() : from + 1
    const written = await access.write(id, { from, to }, change)
    if (written === 'token-taken') return { kind: 'token-taken' }
    if (written === 'written') {
      const next = { ...change.document, id, revision: to, doubtMs, isTaken }
      return { kind: 'changed', document: next }
    }
    document = await access.read(id)
  }
}

/** The same for evidence: no claim of another command can refuse it. */
export async function settleCommand(
  access: DocumentAccess,
  known: StoredCommand | string,
  decide: DecideChange,
): Promise<Exclude<Changed, { kind: 'token-taken' }>> {
  const changed = await changeCommand(access, known, decide)
  if (changed.kind !== 'token-taken') return changed
  const again = await changeCommand(access, known, (document) => {
    const change = decide(document)
    return change && { ...change, document: { ...change.document, isContested: true } }
  })
  if (again.kind === 'token-taken') throw new Error('a contested document holds no token')
  return again
}
