/** A store in memory that keeps the promises of MongoDB's, and breaks where a test tells it to. */
import { tokenId } from '@otn/kernel'
import { unknownPage } from '../src/domain/page.ts'
import { unknownPerson } from '../src/domain/person.ts'
import { type TokenDocument, tokenView, unknownToken } from '../src/domain/token.ts'
import { isWithin, type WithdrawalScope } from '../src/domain/withdrawal-scope.ts'
import type { CursorMove, DocumentStore, Generation, Store, Versioned } from '../src/ports.ts'
import { type LedgerTopic, perTopic } from '../src/ports.ts'

export const PARTITIONS = 2

/** Called before and after each step; a throw is a crash, or an outage, at that point. */
export type Fault = (step: string) => void

export interface FakeStore extends Store {
  readonly generation: { -readonly [Key in keyof Generation]: Generation[Key] }
  readonly cursors: Map<string, bigint>
  /** Null where nothing is stored under the id. */
  document(kind: 'tokens' | 'persons' | 'pages', id: string): object | null
  /** How often it was written after the first time. */
  revision(kind: 'tokens' | 'persons' | 'pages', id: string): number | null
  /** Every document by kind and id, without revisions. */
  contents(): Readonly<Record<string, object>>
  /** Somebody else writes this document right before the next write of it. */
  overtake(kind: 'tokens' | 'persons' | 'pages', times: number): void
}

interface Memory {
  readonly documents: Map<string, Versioned<object>>
  overtaken: number
}

export function createFakeStore(fault: Fault = () => {}): FakeStore {
  const memory = {
    tokens: { documents: new Map(), overtaken: 0 } as Memory,
    persons: { documents: new Map(), overtaken: 0 } as Memory,
    pages: { documents: new Map(), overtaken: 0 } as Memory,
  }
  const cursors = new Map<string, bigint>()
  const generation = {
    id: 'g1',
    version: 1,
    state: 'live' as Generation['state'],
    clusterId: 'c',
    pepperCheck: 'p',
    isFrozen: false,
    isWorkedOn: false,
  }
  const at = (topic: LedgerTopic, partition: number) => cursors.get(`${topic}/${partition}`) ?? 0n
  const model = {
    tokens: documents(memory.tokens, { unknown: unknownToken, fault }),
    persons: documents(memory.persons, { unknown: unknownPerson, fault }),
    pages: documents(memory.pages, { unknown: unknownPage, fault }),
    tokensWithin: async (scope: WithdrawalScope) => {
      fault('within')
      const known = memory.tokens.documents as ReadonlyMap<string, Versioned<TokenDocument>>
      return [...known].flatMap(([id, { document }]) => {
        const view = tokenView(document)
        return view !== null && isWithin(view, scope) ? [tokenId(id)] : []
      })
    },
  }
  return {
    generation,
    cursors,
    now: async () => {
      fault('now')
      return {
        generation: { ...generation },
        model,
        cursors: {
          read: async ({ topic, partition }) => at(topic, partition),
          readAll: async () =>
            perTopic((topic) => Array.from({ length: PARTITIONS }, (_, n) => at(topic, n))),
          move: async (move) => moved(cursors, { move, fault }),
        },
      }
    },
    verify: async () => {},
    goLive: async () => {
      generation.state = 'live'
    },
    document: (kind, id) => memory[kind].documents.get(id)?.document ?? null,
    revision: (kind, id) => memory[kind].documents.get(id)?.revision ?? null,
    contents: () => {
      const kinds = Object.entries(memory).flatMap(([kind, { documents: found }]) =>
        [...found].map(([id, { document }]) => [`${kind}/${id}`, document] as const),
      )
      return Object.fromEntries(kinds.sort(([a], [b]) => (a < b ? -1 : 1)))
    },
    overtake: (kind, times) => {
      memory[kind].overtaken = times
    },
  }
}

function moved(
  cursors: Map<string, bigint>,
  { move, fault }: { readonly move: CursorMove; readonly fault: Fault },
): boolean {
  fault('before move')
  const key = `${move.topic}/${move.partition}`
  if ((cursors.get(key) ?? 0n) !== move.from) return false
  cursors.set(key, move.to)
  fault('after move')
  return true
}

function documents<T extends object>(
  memory: Memory,
  { unknown, fault }: { readonly unknown: T; readonly fault: Fault },
): DocumentStore<T> {
  const stored = memory.documents as Map<string, Versioned<T>>
  const raise = (id: string) => {
    const known = stored.get(id) ?? { document: unknown, revision: null }
    stored.set(id, { document: known.document, revision: (known.revision ?? -1) + 1 })
  }
  return {
    load: async (ids) => {
      fault('load')
      const found = ids.flatMap((id) => {
        const known = stored.get(id)
        return known === undefined ? [] : [[id, known] as const]
      })
      return new Map(found)
    },
    save: async (changes) => {
      let conflicts = 0
      for (const { id, revision, document } of changes) {
        // Unordered and not atomic: a crash in the middle leaves a part of the writes.
        fault('save')
        if (memory.overtaken > 0) {
          memory.overtaken -= 1
          raise(id)
        }
        if ((stored.get(id)?.revision ?? null) !== revision) conflicts += 1
        else stored.set(id, { document, revision: (revision ?? -1) + 1 })
      }
      fault('after save')
      return conflicts
    },
  }
}
