import { appError } from '@otn/kernel'
import type { Cursors } from '../adapters/cursors-mongodb.ts'

export interface CursorsToRead {
  readonly cursors: Pick<Cursors, 'read'>
  /** Ends of the Kafka topic, per partition. */
  readonly readEnds: () => Promise<readonly bigint[]>
  /** Name of the Kafka topic on the cluster. */
  readonly topic: string
  readonly partitions: number
  readonly databaseName: string
}

/**
 * How far the claims have read a Kafka topic, per partition.
 * @throws OTN_STORE_GENERATION_LOST where a cursor is missing, OTN_STORE_CLUSTER_CHANGED where one
 *   lies beyond the end of the log
 */
export async function readCursors(parts: CursorsToRead): Promise<readonly bigint[]> {
  const { cursors, readEnds, topic, partitions, databaseName } = parts
  const places = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const read = await Promise.all(places.map((place) => cursors.read(place)))
  // After the cursors: another dispatcher moves them on while we ask, and the log with them.
  const ends = await readEnds()
  return read.map((next, partition) => {
    if (next === null) throw lost(topic)
    if (next > (ends[partition] ?? 0n)) throw beyond(topic, databaseName)
    return next
  })
}

function lost(topic: string): Error {
  const message = `no cursor of ${topic} is in MongoDB; it was emptied or replaced`
  return appError('OTN_STORE_GENERATION_LOST', { message })
}

function beyond(topic: string, database: string): Error {
  const message =
    `the claims in database ${database} know more of ${topic} than the log holds: it was emptied ` +
    `or restored. To rebuild them from this log, drop database ${database} and start again`
  return appError('OTN_STORE_CLUSTER_CHANGED', { message })
}
