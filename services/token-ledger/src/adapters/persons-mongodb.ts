import type { PersonId } from '@otn/kernel'
import type { Collection, Document, FindOptions } from 'mongodb'
import { type PersonSummary, withToken } from '../domain/person-summary.ts'
import type { TokenView } from '../domain/token.ts'
import type { TokenFilter } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson } from './document-bson.ts'
import type { Stored } from './documents-mongodb.ts'
import { filterOf } from './filter-mongodb.ts'

/** Few people have more tokens than a handful. */
const READ_AT_ONCE = 500

interface PersonsQuestion {
  readonly filter: Omit<TokenFilter, 'person'>
  readonly page: { readonly after?: PersonId; readonly limit: number; readonly liveFrom: number }
  readonly limits: FindOptions
}

/**
 * Reads tokens in the order of their persons for as long as people are wanted: neither a page with
 * a million people nor one person's heap of tokens is held.
 */
export function personsIn(
  tokens: Collection<Stored>,
  { filter, page: { after, limit, liveFrom }, limits }: PersonsQuestion,
): Promise<readonly PersonSummary[]> {
  const beyond = after === undefined ? {} : { 'view.person': { $gt: after } }
  const found = tokens
    .find({ ...filterOf(filter), ...beyond }, { ...limits, projection: { view: 1 } })
    .hint(filter.topic === undefined ? 'person' : 'topic-person')
    .sort({ 'view.person': 1, 'view.grantedAt': 1, _id: 1 })
    .batchSize(READ_AT_ONCE)
  const read = async () => {
    const people = new Map<PersonId, PersonSummary>()
    for await (const { view } of found) {
      const token = fromBson<TokenView>(view as Document)
      const known = people.get(token.person)
      if (known === undefined && people.size === limit) break
      people.set(token.person, withToken(known, token, liveFrom))
    }
    return [...people.values()]
  }
  return reaching(read())
}
