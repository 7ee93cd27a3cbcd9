/**
 * One batch of one partition, into MongoDB: read the cursor, decode, park what cannot be read, fold
 * the rest, move the cursor. Every step may be repeated: after a crash anywhere the batch comes
 * again, the documents it changed already stay as they are, and the rest is made up.
 */
import type { Batch, BatchResult } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { appError, isAppError } from '@otn/kernel'
import type { Parking } from '../log-ports.ts'
import type { Cursors, LedgerTopic, PartitionId, Store, StoreNow } from '../ports.ts'
import { isLedgerTopic } from '../ports.ts'
import type { BatchPlace, Telemetry } from '../telemetry.ts'
import { foldDocuments } from './fold-documents.ts'
import { keepAlive } from './keep-alive.ts'
import { createPartitionMemory, type PartitionMemory } from './partition-memory.ts'
import { type EventHandlers, type Reading, readRecords } from './read-records.ts'

export interface Folding {
  readonly store: Store
  readonly parking: Parking
  readonly codec: Codec
  readonly handlers: EventHandlers
  readonly tell: Telemetry
  readonly nameOf: (topic: LedgerTopic) => string
  /** Ends the process: the store is not ours any more, or a setting contradicts the log. */
  readonly fail: (error: Error) => void
}

interface Work extends Folding {
  readonly batch: Batch
  readonly where: PartitionId
  readonly place: BatchPlace
  readonly memory: PartitionMemory
}

/** How long a partition stands still while a rebuild compares. */
const FROZEN_MS = 200
const SCHEMA_WAIT_MS = 1_000

/** Handles batches of a group consumer. Errors become waiting, or end the process. */
export function foldBatches(folding: Folding): (batch: Batch) => Promise<BatchResult> {
  const memory = createPartitionMemory()
  return (batch) => {
    const { topic, partition } = batch
    if (!isLedgerTopic(topic)) throw new Error(`no handler for Kafka topic ${topic}`)
    const where = { topic, partition }
    const place = { kafkaTopic: folding.nameOf(topic), partition }
    const work = { ...folding, batch, where, place, memory }
    // After a rebalance the same partition may come again while its old batch still runs.
    return memory.inTurn(where, () => keepAlive(batch, foldOrWait(work)))
  }
}

async function foldOrWait(work: Work): Promise<BatchResult> {
  const { batch, where, place, memory, tell, fail } = work
  try {
    const result = await foldBatch(work)
    memory.succeeded(where)
    return result
  } catch (error) {
    const afterMs = memory.failed(where)
    const canWait = isAppError(error) && error.retryable
    if (!canWait) fail(error instanceof Error ? error : new Error(String(error)))
    tell.batchWaits(place, error, afterMs)
    return { kind: 'retry', afterMs, from: firstOffset(batch) }
  }
}

async function foldBatch(work: Work): Promise<BatchResult> {
  const { batch, where, store } = work
  const startedAt = performance.now()
  const now = await store.now()
  if (now.generation.isFrozen) {
    return { kind: 'retry', afterMs: FROZEN_MS, from: firstOffset(batch) }
  }
  const cursor = await cursorOf(now.cursors, where)
  const sought = seekBack(work, cursor)
  if (sought !== null) return sought
  const fresh = batch.records.filter(({ offset }) => offset >= cursor)
  const last = fresh.at(-1)
  if (last === undefined) return belowCursor(work, cursor)
  const reading = await readRecords({ ...where, records: fresh }, work)
  const next = reading.stoppedAt ?? last.offset + 1n
  await setAside(work, reading)
  await foldDocuments(now.model, reading.folds)
  if (next > cursor && !(await now.cursors.move({ ...where, from: cursor, to: next }))) {
    return movedByAnother(work, now)
  }
  report(work, { reading, next, startedAt, fresh: fresh.length })
  if (reading.stoppedAt === null) return { kind: 'done' }
  work.tell.registryAway(work.place, SCHEMA_WAIT_MS)
  return { kind: 'retry', afterMs: SCHEMA_WAIT_MS, from: next }
}

async function cursorOf(cursors: Cursors, where: PartitionId): Promise<bigint> {
  const cursor = await cursors.read(where)
  if (cursor !== null) return cursor
  const message = `no cursor of ${where.topic}/${where.partition} is in the store`
  throw appError('OTN_STORE_GENERATION_LOST', { message })
}

/** A batch above the cursor is not applied: what lies between was not folded (design 5). */
function seekBack({ batch, where, place, memory, tell }: Work, cursor: bigint): BatchResult | null {
  const first = firstOffset(batch)
  if (first <= cursor) {
    memory.reached(where)
    return null
  }
  const gap = { from: cursor, to: first }
  // Read from the cursor on it begins above it again: there is nothing between in the log.
  if (memory.hasSought(where, gap)) {
    tell.holeInLog(place, gap)
    return null
  }
  tell.soughtBack(place, gap)
  return { kind: 'seek', offset: cursor }
}

/** Everything was folded before. A log that ends below the cursor is another log. */
function belowCursor({ batch, place, tell }: Work, cursor: bigint): BatchResult {
  if (batch.highWatermark < cursor) {
    const { kafkaTopic, partition } = place
    const message = `${kafkaTopic}/${partition} ends at ${batch.highWatermark}, cursor ${cursor}`
    throw appError('OTN_STORE_CONFLICT', { message })
  }
  const counts = { records: 0, repeated: batch.records.length, parked: 0, types: {}, lag: 0n }
  tell.batchFolded({ ...place, ...counts, next: cursor, ageMs: 0, durationMs: 0 })
  return { kind: 'seek', offset: cursor }
}

async function setAside({ parking, place, tell }: Work, { unusable }: Reading): Promise<void> {
  if (unusable.length === 0) return
  await parking.park(unusable)
  for (const { position, reason } of unusable) {
    tell.recordParked(place, { offset: position.offset, reason })
  }
}

/** @throws OTN_STORE_CURSOR_MOVED unless the partition or the version is not ours any more */
async function movedByAnother(
  { batch, store, place }: Work,
  before: StoreNow,
): Promise<BatchResult> {
  const { generation } = await store.now()
  if (batch.isStale() || generation.version !== before.generation.version) {
    return { kind: 'retry', afterMs: FROZEN_MS, from: firstOffset(batch) }
  }
  const message = `somebody else moved the cursor of ${place.kafkaTopic}/${place.partition}`
  throw appError('OTN_STORE_CURSOR_MOVED', { message })
}

interface Outcome {
  readonly reading: Reading
  readonly next: bigint
  readonly startedAt: number
  readonly fresh: number
}

function report({ batch, place, tell }: Work, { reading, next, startedAt, fresh }: Outcome): void {
  const last = batch.records.at(-1)
  tell.batchFolded({
    ...place,
    next,
    records: fresh,
    repeated: batch.records.length - fresh,
    parked: reading.unusable.length,
    types: reading.types,
    lag: batch.highWatermark > next ? batch.highWatermark - next : 0n,
    ageMs: last === undefined ? 0 : Math.max(0, Date.now() - last.timestampMs),
    durationMs: performance.now() - startedAt,
  })
}

function firstOffset({ records }: Batch): bigint {
  return records[0]?.offset ?? 0n
}
