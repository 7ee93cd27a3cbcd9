import type { AccountId } from '@otn/kernel'
import type { Collection, FindOptions } from 'mongodb'
import type { Accounts, Linking } from '../domain/account.ts'
import { personOf } from '../domain/person-key.ts'
import type { PersonOnPage } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { fromBson } from './document-bson.ts'
import type { Stored } from './documents-mongodb.ts'

interface LinkingQuestion {
  readonly accounts: readonly AccountId[]
  readonly limits: FindOptions
}

/** Whoever ever linked one of the accounts: by their last links it is told whom one names. */
export async function linkingIn(
  persons: Collection<Stored>,
  { accounts, limits }: LinkingQuestion,
): Promise<readonly Linking<PersonOnPage>[]> {
  const filter = { 'accounts.links.account': { $in: [...accounts] } }
  const found = persons.find(filter, { ...limits, projection: { accounts: 1 } }).hint('account')
  return (await reaching(found.toArray())).map(({ _id, accounts: stored }) => ({
    key: personOf(_id),
    accounts: fromBson<Accounts>(Object(stored)),
  }))
}
