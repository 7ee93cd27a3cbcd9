import type { TokenId } from '@otn/kernel'
import type { PageDocument } from './page.ts'
import type { PersonDocument } from './person.ts'
import type { TokenDocument } from './token.ts'
import type { WithdrawalScope } from './withdrawal-scope.ts'

/** What one fact does to one document. Applied any number of times it gives the same. */
export interface Fold<T> {
  readonly id: string
  readonly evolve: (document: T) => T
}

/** What one fact does to the read model. */
export interface Folds {
  readonly tokens?: readonly Fold<TokenDocument>[]
  readonly persons?: readonly Fold<PersonDocument>[]
  readonly pages?: readonly Fold<PageDocument>[]
  /** Tokens to be covered by what was withdrawn, once everything above is written. */
  readonly covers?: readonly Cover[]
}

/** One token whose consent or topic was told, or all that a withdrawal speaks of. */
export type Cover = { readonly tokenId: TokenId } | { readonly scope: WithdrawalScope }
