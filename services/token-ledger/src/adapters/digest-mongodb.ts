/**
 * SHA-256 over all documents of a version in `_id` order, without bookkeeping (revisions, cursors,
 * versions): two stores that were folded from the same log to the same position agree.
 */
import { createHash } from 'node:crypto'
import type { Collection } from 'mongodb'
import type { CollectionDigest, Comparison, Digest } from '../ports.ts'
import { reaching } from './connect-mongodb.ts'
import { digestText } from './digest-text.ts'
import { MARKER, type Stored } from './documents-mongodb.ts'
import { KINDS, type Kind, type Version } from './versions-mongodb.ts'

/** One document as it is digested. */
interface Line {
  readonly id: string
  readonly text: string
}

const FETCH = 500
const SAMPLE_MAX = 20

export async function digestOf({ collections }: Version): Promise<Digest> {
  const digests = await inOrder(async (kind) => {
    const tally = createTally()
    for await (const line of linesOf(collections[kind])) tally.add(line)
    return tally.result()
  })
  return withTotal(digests)
}

/** Both digests, and which documents differ: their ids are hashes and pseudonyms. */
export async function compareVersions(before: Version, after: Version): Promise<Comparison> {
  const different: string[] = []
  let differences = 0
  const pairs = await inOrder(async (kind) => {
    const [old, rebuilt] = [createTally(), createTally()]
    const lines = [linesOf(before.collections[kind]), linesOf(after.collections[kind])] as const
    for await (const [left, right] of paired(...lines)) {
      if (left !== null) old.add(left)
      if (right !== null) rebuilt.add(right)
      if (left?.text === right?.text) continue
      differences += 1
      if (different.length < SAMPLE_MAX) different.push(`${kind}/${(left ?? right)?.id}`)
    }
    return { before: old.result(), after: rebuilt.result() }
  })
  const side = (which: 'before' | 'after') =>
    withTotal({
      tokens: pairs.tokens[which],
      persons: pairs.persons[which],
      pages: pairs.pages[which],
    })
  return { before: side('before'), after: side('after'), differences, different }
}

async function inOrder<T>(of: (kind: Kind) => Promise<T>): Promise<Readonly<Record<Kind, T>>> {
  return { tokens: await of('tokens'), persons: await of('persons'), pages: await of('pages') }
}

async function* linesOf(collection: Collection<Stored>): AsyncGenerator<Line> {
  const cursor = collection
    .find({ _id: { $ne: MARKER } }, { projection: { revision: 0 } })
    .sort({ _id: 1 })
  cursor.batchSize(FETCH)
  while (true) {
    const stored = await reaching(cursor.next())
    if (stored === null) return
    yield { id: stored._id, text: digestText(stored) }
  }
}

/** Walks two ordered sequences side by side; null where one of them has no such document. */
async function* paired(
  left: AsyncGenerator<Line>,
  right: AsyncGenerator<Line>,
): AsyncGenerator<readonly [Line | null, Line | null]> {
  const next = async (lines: AsyncGenerator<Line>) => (await lines.next()).value ?? null
  let [old, rebuilt]: [Line | null, Line | null] = [await next(left), await next(right)]
  while (old !== null || rebuilt !== null) {
    const isOld = old !== null && (rebuilt === null || old.id <= rebuilt.id)
    const isRebuilt = rebuilt !== null && (old === null || rebuilt.id <= old.id)
    yield [isOld ? old : null, isRebuilt ? rebuilt : null]
    if (isOld) old = await next(left)
    if (isRebuilt) rebuilt = await next(right)
  }
}

function createTally(): { add(line: Line): void; result(): CollectionDigest } {
  const hash = createHash('sha256')
  let documents = 0
  return {
    add: ({ text }) => {
      documents += 1
      hash.update(`${text}\n`)
    },
    result: () => ({ documents, sha256: hash.digest('hex') }),
  }
}

function withTotal(collections: Readonly<Record<Kind, CollectionDigest>>): Digest {
  const hash = createHash('sha256')
  for (const kind of KINDS) hash.update(`${kind} ${collections[kind].sha256}\n`)
  return { collections, total: hash.digest('hex') }
}
