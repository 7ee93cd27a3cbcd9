import {
  type AnyBulkWriteOperation,
  type BulkWriteResult,
  type Collection,
  MongoBulkWriteError,
  MongoNetworkError,
  type WriteError,
} from 'mongodb'
import { describe, expect, test } from 'vitest'
import { after, attempted, document } from '../../test/support/command-facts.ts'
import type { CommandRecord } from './command-bson.ts'
import { DUPLICATE_KEY, type Write, writeGroups } from './write-group.ts'

interface Row {
  readonly revision: number
  readonly writer: string
  readonly holds: string | null
}

/** As much of a collection as one group needs: guarded updates, upserts, two unique indexes. */
class Rows {
  readonly rows = new Map<string, Row>()
  /** Answers that are lost on the way, though what was asked for has happened. */
  lostAnswers = 0

  async bulkWrite(operations: readonly AnyBulkWriteOperation<CommandRecord>[]) {
    const outcomes = operations.map((operation) => this.#update(operation))
    this.lostAnswers -= 1
    if (this.lostAnswers >= 0) throw new MongoNetworkError('made up')
    const errors = outcomes.flatMap((errmsg, index) => {
      if (typeof errmsg !== 'string') return []
      return [{ index, code: DUPLICATE_KEY, errmsg } as WriteError]
    })
    const result = { getWriteConcernError: () => undefined } as BulkWriteResult
    const told = { message: 'refused', code: DUPLICATE_KEY, writeErrors: errors }
    if (errors.length > 0) throw new MongoBulkWriteError(told, result)
    return { matchedCount: outcomes.filter((done) => done === true).length, upsertedCount: 0 }
  }

  find() {
    const found = [...this.rows].map(([_id, { writer }]) => ({ _id, writer }))
    return { toArray: async () => found }
  }

  /** What an index says; else whether anything was written. */
  #update(operation: AnyBulkWriteOperation<CommandRecord>): string | boolean {
    const { filter, update } = JSON.parse(JSON.stringify(operation)).updateOne
    const [{ $set: set }] = update
    const [id, known] = [filter._id, this.rows.get(filter._id)]
    if ((known?.revision ?? 0) !== filter.revision) {
      return filter.revision === 0 ? refusal('_id_', `_id: "${id}"`) : false
    }
    const holds = set.holds.$literal ?? null
    const isTaken = [...this.rows].some(([other, row]) => other !== id && row.holds === holds)
    if (holds !== null && isTaken) return refusal('holds', `holds: "${holds}"`)
    this.rows.set(id, { revision: set.revision, writer: set.writer, holds })
    return true
  }
}

/** MongoDB's own words. */
function refusal(index: string, key: string): string {
  return `E11000 duplicate key error collection: otn.commands index: ${index} dup key: { ${key} }`
}

function scene() {
  const rows = new Rows()
  return { rows, write: writeGroups(rows as unknown as Collection<CommandRecord>) }
}

const open = (id: string, from = 0): Write => {
  return { id, step: { from, to: from + 1 }, change: { document: document(), leaseMs: 0 } }
}
const claim = (id: string): Write => {
  const claimed = document({ command: after(attempted(1)) })
  return { id, step: { from: 1, to: 2 }, change: { document: claimed, leaseMs: 0 } }
}

describe('a group of changes', () => {
  test('[K1] whose answer was lost tells of each what became of it', async () => {
    const { rows, write } = scene()
    await Promise.all([write(open('a')), write(open('b')), write(open('c'))])
    await write(open('c', 1))
    rows.lostAnswers = 2
    const written = await Promise.all([claim('a'), claim('b'), claim('c')].map(write))
    expect(written).toEqual(['written', 'token-taken', 'changed-meanwhile'])
  })

  test('takes no id for the name of an index', async () => {
    const { write } = scene()
    const id = '1000:my index: holds it'
    expect(await write(open(id))).toBe('written')
    expect(await write(open(id))).toBe('changed-meanwhile')
  })
})
