/**
 * The consumer as an inbox: what a batch says is handled, then the cursor moves from where it stood
 * to behind it. The cursor is the truth; Kafka's commit only hints at where to begin to look.
 */
import type { Batch, BatchResult } from '@otn/bus'
import type { Codec, RecordOf, Records, TopicAlias } from '@otn/contracts'
import { appError, isAppError } from '@otn/kernel'
import type { Read } from '../inbox-ports.ts'
import type { Cursors, PartitionId } from './cursors-mongodb.ts'
import { readRecords } from './read-records.ts'

export interface CursorConsumer<Alias extends TopicAlias> {
  readonly topic: Alias
  readonly cursors: Cursors
  readonly codec: Codec
  readonly nameOf: (topic: TopicAlias) => string
  /** Done twice, it changes nothing: a batch comes again after a crash or a rebalance. */
  readonly handle: (reads: readonly Read<Records[RecordOf<Alias>]>[]) => Promise<void>
  readonly retried: (error: unknown) => void
}

const RETRY_MS = 250
/** Below any session time-out; kafkajs sends one only where a tenth of that time has passed. */
const BEAT_MS = 500

/** @throws OTN_STORE_CURSOR_MOVED, OTN_STORE_GENERATION_LOST, and what is no fault of an engine */
export function consumeWithCursor<Alias extends TopicAlias>(
  options: CursorConsumer<Alias>,
): (batch: Batch) => Promise<BatchResult> {
  /** Gaps met once: sought again and found again, there is nothing in them any more. */
  const gaps = new Map<number, bigint>()
  return async (batch) => {
    const from = batch.records[0]?.offset ?? 0n
    try {
      return await keepAlive(batch, handleBatch(batch, { options, gaps }))
    } catch (error) {
      if (!isAppError(error) || !error.retryable) throw error
      options.retried(error)
      return { kind: 'retry', afterMs: RETRY_MS, from }
    }
  }
}

async function handleBatch<Alias extends TopicAlias>(
  batch: Batch,
  {
    options,
    gaps,
  }: { readonly options: CursorConsumer<Alias>; readonly gaps: Map<number, bigint> },
): Promise<BatchResult> {
  const { cursors, codec, topic, nameOf, handle } = options
  const { partition } = batch
  const where = { topic: nameOf(topic), partition }
  const cursor = await cursors.read(where)
  if (cursor === null) throw lost(where)
  const first = batch.records[0]?.offset ?? cursor
  if (first > cursor && gaps.get(partition) !== cursor) {
    gaps.set(partition, cursor)
    return { kind: 'seek', offset: cursor }
  }
  const records = batch.records.filter(({ offset }) => offset >= cursor)
  const last = records.at(-1)
  if (!last) return { kind: 'done' }
  const { reads, stoppedAt } = await readRecords(codec, { topic, partition, records })
  await handle(reads)
  const to = stoppedAt ?? last.offset + 1n
  if (to > cursor && !(await cursors.move(where, { from: cursor, to }))) {
    // Given away meanwhile: the next owner was faster, and has done the same.
    if (batch.isStale()) return { kind: 'done' }
    throw (await cursors.read(where)) === null ? lost(where) : moved(where)
  }
  return stoppedAt === null ? { kind: 'done' } : { kind: 'retry', afterMs: RETRY_MS, from: to }
}

/** Keeps the membership while the work waits for an engine. Errors of heartbeats go out. */
async function keepAlive<T>(batch: Batch, work: Promise<T>): Promise<T> {
  const lostMembership = Promise.withResolvers<never>()
  lostMembership.promise.catch(() => {})
  const timer = setInterval(() => {
    batch.heartbeat().catch(lostMembership.reject)
  }, BEAT_MS)
  try {
    return await Promise.race([work, lostMembership.promise])
  } finally {
    clearInterval(timer)
  }
}

function lost({ topic, partition }: PartitionId): Error {
  const message = `no cursor of ${topic}/${partition} is in MongoDB; it was emptied or replaced`
  return appError('OTN_STORE_GENERATION_LOST', { message })
}

function moved({ topic, partition }: PartitionId): Error {
  const message = `the cursor of ${topic}/${partition} was moved by somebody else`
  return appError('OTN_STORE_CURSOR_MOVED', { message })
}
