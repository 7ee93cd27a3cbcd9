import { tokenId } from '@otn/kernel'
import type { Collection, Filter } from 'mongodb'
import type { WithdrawalScope } from '../domain/withdrawal-scope.ts'
import type { ReadModel } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import type { Stored } from './documents-mongodb.ts'

/** The ids alone, for a topic may have as many tokens as a page has people. */
export function tokensWithin(tokens: Collection<Stored>): ReadModel['tokensWithin'] {
  return async (scope) => {
    const options = { projection: { _id: 1 }, readConcern: { level: 'majority' } } as const
    const index = scope.person === null ? 'topic' : 'person'
    const found = tokens.find(filterOf(scope), options).hint(index)
    return (await reaching(found.toArray())).map(({ _id }) => tokenId(_id))
  }
}

function filterOf({ pageId, person, topic, withdrawnAt }: WithdrawalScope): Filter<Stored> {
  return {
    view: { $exists: true },
    'view.pageId': pageId,
    ...(person === null ? {} : { 'view.person': person }),
    ...(topic === null ? {} : { 'view.topic': topic }),
    'view.grantedAt': { $lte: new Date(withdrawnAt) },
  }
}
