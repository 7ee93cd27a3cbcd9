import type { Filter } from 'mongodb'
import type { ListPosition, TokenFilter } from '../ports.ts'
import type { Stored } from './documents-mongodb.ts'

const FOLDED_STATES = ['live', 'reserved', 'in-doubt', 'redeemed', 'rejected', 'withdrawn']
/** Tokens whose opt-in is known; the indexes hold no others. */
export const SHOWN = { view: { $exists: true } }

export function filterOf(filter: TokenFilter, after?: ListPosition): Filter<Stored> {
  const { pageId, person, topic, state, grantedFrom, grantedBefore } = filter
  // A page of the list begins at an instant in the index, not at the beginning of the list.
  const from = Math.max(grantedFrom ?? 0, after?.grantedAt ?? 0)
  const until = grantedBefore === undefined ? {} : { $lt: new Date(grantedBefore) }
  return {
    ...SHOWN,
    'view.pageId': pageId,
    ...(person === undefined ? {} : { 'view.person': person }),
    ...(topic === undefined ? {} : { 'view.topic': topic }),
    // Naming every state lets an index that begins with them give all of them in order.
    'view.state': state ?? { $in: FOLDED_STATES },
    'view.grantedAt': { $gte: new Date(from), ...until },
    ...(after === undefined ? {} : { $or: beyond(after) }),
  }
}

function beyond({ grantedAt, tokenId: id }: ListPosition): Filter<Stored>[] {
  const at = new Date(grantedAt)
  return [{ 'view.grantedAt': { $gt: at } }, { _id: { $gt: id } }]
}
