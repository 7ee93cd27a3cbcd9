/** The ledger's database: documents with revisions, cursors, the generation. */
import { type TokenId, tokenId } from '@otn/kernel'
import {
  isWithin,
  type LedgerTopic,
  type TokenDocument,
  tokenView,
  type Versioned,
  type WithdrawalScope,
} from '@otn/token-ledger/decisions'
import { partitionsOf } from './kafka.ts'

export const KINDS = ['tokens', 'persons', 'pages'] as const
export type Kind = (typeof KINDS)[number]

export class LedgerDatabase {
  readonly #firstRevision: () => number
  generation: { readonly id: string; readonly isLive: boolean } | null = null
  readonly cursors = new Map<string, bigint>()
  readonly documents: Readonly<Record<Kind, Map<string, Versioned<object>>>> = {
    tokens: new Map(),
    persons: new Map(),
    pages: new Map(),
  }

  constructor(firstRevision: () => number) {
    this.#firstRevision = firstRevision
  }

  prepare(id: string, topics: readonly LedgerTopic[]): void {
    this.empty()
    this.generation = { id, isLive: false }
    for (const topic of topics) {
      for (const partition of partitionsOf(topic)) this.cursors.set(`${topic}/${partition}`, 0n)
    }
  }

  empty(): void {
    this.generation = null
    this.cursors.clear()
    for (const kind of KINDS) this.documents[kind].clear()
  }

  tokens(): readonly (readonly [string, TokenDocument])[] {
    return [...this.documents.tokens].map(([id, { document }]) => [id, document as TokenDocument])
  }

  tokensWithin(scope: WithdrawalScope): readonly TokenId[] {
    return this.tokens().flatMap(([id, document]) => {
      const view = tokenView(document)
      return view !== null && isWithin(view, scope) ? [tokenId(id)] : []
    })
  }

  save(kind: Kind, change: Versioned<object> & { readonly id: string }): boolean {
    const stored = this.documents[kind]
    if ((stored.get(change.id)?.revision ?? null) !== change.revision) return false
    const revision = change.revision === null ? this.#firstRevision() : change.revision + 1
    stored.set(change.id, { document: change.document, revision })
    return true
  }
}
