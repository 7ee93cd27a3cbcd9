import { randomInt } from 'node:crypto'

/** Adding one with each change never leaves the whole numbers that a double holds. */
const FIRST_REVISION_LIMIT = 2 ** 48

/**
 * Where the revisions of a new document begin: anywhere. A process that stood still while the store
 * was emptied and made anew must not meet the revision that it knew, or its change would overwrite
 * what came since.
 */
export function firstRevision(): number {
  return randomInt(1, FIRST_REVISION_LIMIT)
}
