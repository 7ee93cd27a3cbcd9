import type { PageId } from '@otn/kernel'
import type { StoredWatch } from '../ports.ts'
import { isConflict } from './again-on-conflict.ts'
import type { WatchParts } from './watch-parts.ts'

/**
 * Writes what is owed to the log, and forgets it then; in between it may be told twice, by one id.
 * @throws OTN_BUS_* where it stays owed, OTN_STORE_UNREACHABLE
 */
export async function tellOwed(
  pageId: PageId,
  stored: StoredWatch,
  { log, watched }: Pick<WatchParts, 'log' | 'watched'>,
): Promise<void> {
  const { owed } = stored.state
  if (owed.length === 0) return
  await log.publishAlarms(owed)
  const told = { ...stored, state: { ...stored.state, owed: [] } }
  await watched.save(pageId, told).catch((error) => {
    // Who wrote meanwhile owes the same, and tells it again.
    if (!isConflict(error)) throw error
  })
}
