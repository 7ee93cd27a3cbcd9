/**
 * The collections of each version of the read model. Only the rebuild creates and drops them; the
 * version stands in their names, so that a version is built beside the one that is served.
 */
import type { Collection, Db, IndexDescription } from 'mongodb'
import type { PageDocument } from '../domain/page.ts'
import type { PersonDocument } from '../domain/person.ts'
import { type TokenDocument, tokenView } from '../domain/token.ts'
import type { ReadModel } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import {
  type CursorOwner,
  cursorsIn,
  type StoredCursor,
  type StoredCursors,
} from './cursors-mongodb.ts'
import { documentsIn, MARKER, type Stored } from './documents-mongodb.ts'
import { tokensWithin } from './tokens-within-mongodb.ts'

export const KINDS = ['tokens', 'persons', 'pages'] as const
export type Kind = (typeof KINDS)[number]

export interface Version {
  readonly model: ReadModel
  readonly cursors: StoredCursors
  readonly collections: Readonly<Record<Kind, Collection<Stored>>>
}

export interface Versions {
  open(version: number, owner: CursorOwner): Version
  /** Creates the collections with their indexes, empty: what stood under their names goes. */
  create(version: number, generationId: string): Promise<void>
  /** Adds the indexes that are younger than the collections of a version. */
  completeIndexes(version: number): Promise<void>
  /** False where a collection is gone, was emptied, or belongs to another generation. */
  isWhole(version: number, generationId: string): Promise<boolean>
  drop(version: number): Promise<void>
  /** Drops what is older than the version that is served. */
  dropBelow(version: number): Promise<void>
}

/** Queries search by the view alone; where it orders a list, `_id` decides among equals. */
const TOKEN_INDEXES: IndexDescription[] = [
  {
    name: 'person',
    key: { 'view.pageId': 1, 'view.person': 1, 'view.grantedAt': 1, _id: 1 },
    partialFilterExpression: { view: { $exists: true } },
  },
  {
    name: 'state',
    key: { 'view.pageId': 1, 'view.state': 1, 'view.grantedAt': 1, _id: 1 },
    partialFilterExpression: { view: { $exists: true } },
  },
  {
    name: 'topic',
    key: { 'view.pageId': 1, 'view.topic': 1, 'view.state': 1, 'view.grantedAt': 1, _id: 1 },
    partialFilterExpression: { view: { $exists: true } },
  },
  {
    name: 'topic-person',
    key: { 'view.pageId': 1, 'view.topic': 1, 'view.person': 1, 'view.grantedAt': 1, _id: 1 },
    partialFilterExpression: { view: { $exists: true } },
  },
  {
    name: 'notice',
    key: { 'view.noticed': 1, 'view.grantedAt': 1 },
    partialFilterExpression: { 'view.state': 'live' },
  },
  {
    name: 'withdrawal-owed',
    key: { 'view.isWithdrawalOwed': 1 },
    partialFilterExpression: { 'view.isWithdrawalOwed': true },
  },
]

/** Few people link an account: the others are not in it. */
const PERSON_INDEXES: IndexDescription[] = [
  { name: 'account', key: { 'accounts.links.account': 1 }, sparse: true },
]

const NAME = /^(?:tokens|persons|pages|cursors)_v(\d+)$/

export function versionsIn(db: Db): Versions {
  const named = (name: string, version: number) => `${name}_v${version}`
  const dropOne = async (name: string) => {
    await reaching(db.collection(name).drop())
  }
  const index = async (version: number) => {
    await reaching(db.collection(named('tokens', version)).createIndexes(TOKEN_INDEXES))
    await reaching(db.collection(named('persons', version)).createIndexes(PERSON_INDEXES))
  }
  const drop = async (version: number) => {
    const names = [...KINDS, 'cursors'].map((name) => named(name, version))
    await Promise.all(names.map(dropOne))
  }
  return {
    open: (version, owner) => open(db, { version, owner }),
    create: async (version, generationId) => {
      await drop(version)
      for (const kind of KINDS) {
        const collection = await reaching(db.createCollection<Stored>(named(kind, version)))
        await reaching(collection.insertOne({ _id: MARKER, revision: 0, generationId }))
      }
      await reaching(db.createCollection(named('cursors', version)))
      await index(version)
    },
    completeIndexes: index,
    isWhole: async (version, generationId) => {
      const marks = KINDS.map((kind) => {
        const collection = db.collection<Stored>(named(kind, version))
        return reaching(collection.findOne({ _id: MARKER, generationId }))
      })
      const cursors = db.collection<StoredCursor>(named('cursors', version))
      const cursor = reaching(cursors.findOne({ generation: generationId }))
      return (await Promise.all([...marks, cursor])).every((found) => found !== null)
    },
    drop,
    dropBelow: async (served) => {
      const found = await reaching(db.listCollections({}, { nameOnly: true }).toArray())
      const stale = found.filter(({ name }) => {
        const version = NAME.exec(name)?.[1]
        return version !== undefined && Number(version) < served
      })
      await Promise.all(stale.map(({ name }) => dropOne(name)))
    },
  }
}

function open(
  db: Db,
  { version, owner }: { readonly version: number; readonly owner: CursorOwner },
): Version {
  const of = (kind: Kind) => db.collection<Stored>(`${kind}_v${version}`)
  const collections = { tokens: of('tokens'), persons: of('persons'), pages: of('pages') }
  return {
    collections,
    model: {
      tokens: documentsIn<TokenDocument>(collections.tokens, tokenView),
      persons: documentsIn<PersonDocument>(collections.persons),
      pages: documentsIn<PageDocument>(collections.pages),
      tokensWithin: tokensWithin(collections.tokens),
    },
    cursors: cursorsIn(db.collection<StoredCursor>(`cursors_v${version}`), owner),
  }
}
