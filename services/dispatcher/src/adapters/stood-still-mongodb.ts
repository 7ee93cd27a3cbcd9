import type { ReasonCode } from '@otn/contracts'
import { type PageId, pageId } from '@otn/kernel'
import type { Collection } from 'mongodb'
import type { CommandRecord } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

/** What an answer of the platform says of a whole page. */
const PAGE_REASONS: readonly ReasonCode[] = [
  'page-auth-lost',
  'page-blocked',
  'page-capability-missing',
]

/**
 * Pages whose commands wait because the platform stopped them, as the facts about the commands
 * say. Whether it still does, one call tells.
 */
export async function stoodStill(commands: Collection<CommandRecord>): Promise<readonly PageId[]> {
  const waiting = { owed: true, waitingFor: { $in: [...PAGE_REASONS] } } as const
  const pages = await reaching(commands.distinct('pageId', waiting))
  return pages.map((id) => pageId(id))
}
