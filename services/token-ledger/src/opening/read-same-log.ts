import { appError } from '@otn/kernel'
import { LEDGER_TOPICS, type LedgerTopic, type Offsets } from '../ports.ts'

export interface LogToCompare {
  readonly cursors: { readAll(): Promise<Offsets> }
  readonly readEnds: () => Promise<Offsets>
  readonly nameOf: (topic: LedgerTopic) => string
}

/**
 * How far the read model was folded, and where the log ends now. A log that ends before a cursor is
 * another log under the same names.
 * @throws OTN_STORE_CLUSTER_CHANGED then
 */
export async function readSameLog({
  cursors,
  readEnds,
  nameOf,
}: LogToCompare): Promise<{ readonly next: Offsets; readonly ends: Offsets }> {
  const next = await cursors.readAll()
  // After the cursors: another ledger moves them on while we ask, and the log with them.
  const ends = await readEnds()
  for (const topic of LEDGER_TOPICS) {
    for (const [partition, folded] of next[topic].entries()) {
      const end = ends[topic][partition]
      if (end !== undefined && folded <= end) continue
      const message =
        `${nameOf(topic)}/${partition} ends at ${end}, but the read model was folded to ` +
        `${folded}: the Kafka topic was made anew. Drop the database of the ledger and start again`
      throw appError('OTN_STORE_CLUSTER_CHANGED', { message })
    }
  }
  return { next, ends }
}
