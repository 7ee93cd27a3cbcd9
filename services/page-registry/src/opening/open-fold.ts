/** The fold of the page events, and how far it is. */
import type { Consumption } from '@otn/bus'
import { appError } from '@otn/kernel'
import { cursorsIn, type StoredCursor } from '../adapters/cursors-mongodb.ts'
import { pagesIn, type StoredDocument } from '../adapters/pages-mongodb.ts'
import { startTicker } from '../adapters/ticker.ts'
import { onPageEvent } from '../handlers/on-page-event.ts'
import type { Cursors, Pages } from '../ports.ts'
import { foldBatches } from '../projection/fold-batch.ts'
import type { Telemetry } from '../telemetry.ts'
import type { Engines } from './open-engines.ts'

export interface OpenedFold {
  readonly pages: Pages
  /** False until everything that was on the log at the start is folded. */
  readonly isFolded: () => boolean
  readonly isRunning: () => boolean
  close(): Promise<void>
}

export interface FoldOptions {
  readonly pepperCheck: string
  readonly tell: Telemetry
  readonly fail: (error: Error) => void
}

const GROUP = 'page-registry'
const CLOSE_MS = 8_000
const LOOK_MS = 500

type Offsets = ReadonlyMap<number, bigint>

/** @throws OTN_STORE_CLUSTER_CHANGED, OTN_BUS_UNREACHABLE, OTN_STORE_UNREACHABLE */
export async function openFold(
  { bus, codec, mongodb: { db } }: Engines,
  { pepperCheck, tell, fail }: FoldOptions,
): Promise<OpenedFold> {
  const pages = pagesIn(db.collection<StoredDocument>('pages'))
  const clusterId = await bus.positions.clusterId()
  const cursors = cursorsIn(db.collection<StoredCursor>('cursors'), clusterId)
  const next = await cursors.readAll()
  const ends = await bus.positions.endOffsets('page')
  checkSameLog(next, ends)
  const consumption = await bus.consume({
    groupId: GROUP,
    topics: ['page'],
    onBatch: foldBatches({
      ...{ cursors, pages, codec, tell, fail },
      onPageEvent: onPageEvent(pepperCheck),
    }),
    // The cursors in MongoDB are the truth: Kafka's commits may stand far above an emptied store.
    startAt: (assigned) =>
      assigned.map(({ topic, partition }) => {
        return { topic, partition, offset: next.get(partition) ?? 0n }
      }),
    onCrash: fail,
  })
  const progress = watchProgress({ cursors, ends, fail })
  return { pages, ...progress, ...runningOf(consumption, progress.close) }
}

function runningOf(consumption: Consumption, closeWatch: () => Promise<void>) {
  return {
    isRunning: () => consumption.isRunning,
    close: async () => {
      await closeWatch()
      await consumption.close(CLOSE_MS)
    },
  }
}

/** A log that ends below a cursor is another log under the same names. */
function checkSameLog(next: Offsets, ends: readonly bigint[]): void {
  for (const [partition, folded] of next) {
    const end = ends[partition]
    if (end !== undefined && folded <= end) continue
    const message =
      `the page events end at ${end} in partition ${partition}, but were folded to ${folded}: ` +
      'the Kafka topic was made anew. Drop the database of the page registry and start again'
    throw appError('OTN_STORE_CLUSTER_CHANGED', { message })
  }
}

/** Also notices a store that was emptied under us: only a new start folds the log from there. */
function watchProgress({
  cursors,
  ends,
  fail,
}: {
  readonly cursors: Cursors
  readonly ends: readonly bigint[]
  readonly fail: (error: Error) => void
}) {
  const state = { isFolded: ends.every((end) => end === 0n), seen: new Map<number, bigint>() }
  const look = async (): Promise<void> => {
    // What cannot be read now is read the next time; requests say that the store is away.
    const now = await cursors.readAll().catch(() => null)
    if (now === null) return
    if ([...state.seen].some(([partition, offset]) => (now.get(partition) ?? 0n) < offset)) {
      const message = 'the store of the page registry was emptied or replaced'
      fail(appError('OTN_STORE_GENERATION_LOST', { message }))
    }
    state.seen = new Map(now)
    state.isFolded ||= ends.every((end, partition) => (now.get(partition) ?? 0n) >= end)
  }
  const ticker = startTicker(look, LOOK_MS)
  return { isFolded: () => state.isFolded, close: ticker.close }
}
