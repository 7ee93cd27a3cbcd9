import type { Change, StoredCommand } from './document.ts'

/**
 * For what was decided about a document as it was read: somebody who changed it since has decided
 * anew, so nothing is changed.
 */
export function ifSame(
  document: StoredCommand,
  change: (known: StoredCommand) => Change | null,
): (known: StoredCommand | null) => Change | null {
  return (known) => (known?.revision === document.revision ? change(known) : null)
}
