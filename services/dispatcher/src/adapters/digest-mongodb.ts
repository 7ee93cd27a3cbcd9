import { createHash } from 'node:crypto'
import type { Collection } from 'mongodb'
import { digestText } from '../domain/document.ts'
import type { DigestReport } from '../inbox-ports.ts'
import { type CommandRecord, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

const FETCH = 500

/**
 * SHA-256 over what the log decides of every command, in `_id` order: two databases folded from the
 * same log agree. Leases, workers, cursors and other bookkeeping are no part of it.
 */
export async function digestOf(commands: Collection<CommandRecord>): Promise<DigestReport> {
  const hash = createHash('sha256')
  const cursor = commands.find({}).sort({ _id: 1 }).batchSize(FETCH)
  let [documents, owed] = [0, 0]
  for (;;) {
    const record = await reaching(cursor.next())
    if (record === null) break
    hash.update(`${record._id} ${digestText(storedCommand(record))}\n`)
    documents += 1
    if (record.owed) owed += 1
  }
  return { documents, owed, sha256: hash.digest('hex') }
}
