import { createHash } from 'node:crypto'
import { canonicalJson } from '@otn/kernel'
import type { Collection } from 'mongodb'
import type { CampaignDocument } from '../domain/campaign-document.ts'
import { digestText } from '../domain/document.ts'
import type { DigestReport } from '../inbox-ports.ts'
import type { CampaignRecord } from './campaigns-mongodb.ts'
import { type CommandRecord, fromBson, storedCommand } from './command-bson.ts'
import { reaching } from './connect-mongodb.ts'

const FETCH = 500

/**
 * SHA-256 over what the log decides of every command, then of every campaign, in `_id` order: two
 * databases folded from the same log agree. Leases, workers, cursors and other bookkeeping are no
 * part of it.
 */
export async function digestOf({
  commands,
  campaigns,
}: {
  readonly commands: Collection<CommandRecord>
  readonly campaigns: Collection<CampaignRecord>
}): Promise<DigestReport> {
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
  for (const record of await reaching(campaigns.find({}).sort({ _id: 1 }).toArray())) {
    const { campaign } = fromBson(record.document) as CampaignDocument
    hash.update(`${record._id} ${canonicalJson(campaign)}\n`)
    if (record.owed) owed += 1
  }
  return { documents, owed, sha256: hash.digest('hex') }
}
