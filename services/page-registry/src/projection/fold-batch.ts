/**
 * One batch of one partition of the page events, into MongoDB: read the cursor, fold what stands
 * above it, move the cursor. Every step may be repeated: after a crash anywhere the batch comes
 * again, and what it changed already stays as it is.
 */
import type { Batch, BatchResult, InRecord } from '@otn/bus'
import type { Codec, PageEvent } from '@otn/contracts'
import { appError, isAppError, type PageId } from '@otn/kernel'
import { foldPageEvent } from '../domain/page.ts'
import type { Cursors, Pages } from '../ports.ts'

export interface Folding {
  readonly cursors: Cursors
  readonly pages: Pages
  readonly codec: Codec
  /** Looks at each event before it is folded. @throws OTN_CONFIG_INVALID */
  readonly onPageEvent: (event: PageEvent) => void
  readonly tell: TellFold
  /** Ends the process: the store is not ours any more, or a setting contradicts the log. */
  readonly fail: (error: Error) => void
}

export interface TellFold {
  folded(batch: {
    readonly partition: number
    readonly records: number
    readonly next: bigint
  }): void
  recordUnusable(place: { readonly partition: number; readonly offset: bigint }, why: string): void
  batchWaits(partition: number, error: unknown): void
}

const RETRY_MS = 500

/** Handles batches of a group consumer. Errors become waiting, or end the process. */
export function foldBatches(folding: Folding): (batch: Batch) => Promise<BatchResult> {
  const sought = new Map<number, string>()
  return async (batch) => {
    const from = batch.records[0]?.offset ?? 0n
    try {
      return await foldBatch(batch, { ...folding, sought })
    } catch (error) {
      if (!(isAppError(error) && error.retryable)) {
        folding.fail(error instanceof Error ? error : new Error(String(error)))
      }
      folding.tell.batchWaits(batch.partition, error)
      return { kind: 'retry', afterMs: RETRY_MS, from }
    }
  }
}

interface Work extends Folding {
  /** Where partitions were sought back from and to, the last time. */
  readonly sought: Map<number, string>
}

async function foldBatch(batch: Batch, work: Work): Promise<BatchResult> {
  const { partition, records } = batch
  const { cursors, sought, tell } = work
  const cursor = await cursors.read(partition)
  const first = records[0]?.offset ?? cursor
  // Read from the cursor on it begins above it again: there is nothing between in the log.
  const gap = `${cursor}-${first}`
  if (first > cursor && sought.get(partition) !== gap) {
    sought.set(partition, gap)
    return { kind: 'seek', offset: cursor }
  }
  const fresh = records.filter(({ offset }) => offset >= cursor)
  const last = fresh.at(-1)
  if (last === undefined) return { kind: 'done' }
  const { events, stoppedAt } = await readEvents(fresh, partition, work)
  await foldEvents(events, work)
  const next = stoppedAt ?? last.offset + 1n
  if (next > cursor && !(await cursors.move({ partition, from: cursor, to: next }))) {
    if (batch.isStale()) return { kind: 'retry', afterMs: RETRY_MS, from: first }
    const message = `somebody else moved the cursor of the page events, partition ${partition}`
    throw appError('OTN_STORE_CURSOR_MOVED', { message })
  }
  tell.folded({ partition, records: fresh.length, next })
  if (stoppedAt === null) return { kind: 'done' }
  return { kind: 'retry', afterMs: RETRY_MS, from: stoppedAt }
}

interface Reading {
  readonly events: readonly PageEvent[]
  /** The first record that waits for the registry of schemas. */
  readonly stoppedAt: bigint | null
}

async function readEvents(
  records: readonly InRecord[],
  partition: number,
  { codec, onPageEvent, tell }: Work,
): Promise<Reading> {
  const events: PageEvent[] = []
  for (const { offset, value } of records) {
    let decoded = codec.decode('PageEvent', value)
    if (decoded.kind === 'unknown-schema') {
      const learned = await codec.learn(decoded.schemaId).catch(() => 'away' as const)
      if (learned === 'away') return { events, stoppedAt: offset }
      decoded = codec.decode('PageEvent', value)
    }
    if (decoded.kind === 'known') {
      onPageEvent(decoded.value)
      events.push(decoded.value)
    } else if (decoded.kind !== 'unknown-type') {
      tell.recordUnusable({ partition, offset }, decoded.kind)
    }
  }
  return { events, stoppedAt: null }
}

async function foldEvents(events: readonly PageEvent[], { pages }: Work): Promise<void> {
  const ofPages = new Map<PageId, PageEvent[]>()
  for (const event of events) {
    ofPages.set(event.pageId, [...(ofPages.get(event.pageId) ?? []), event])
  }
  for (const [id, ofPage] of ofPages) {
    const stored = await pages.read(id)
    const page = ofPage.reduce(foldPageEvent, stored.page)
    await pages.save({ ...stored, page })
  }
}
