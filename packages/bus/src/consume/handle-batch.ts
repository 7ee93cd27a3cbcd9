import { assertNever } from '@otn/kernel'
import type { Consumer, EachBatchPayload } from 'kafkajs'
import { errorName } from '../error-name.ts'
import type { Batch, BatchResult } from './batch.ts'
import { inRecord } from './in-record.ts'
import type { TopicPartition } from './progress-table.ts'
import type { SessionOptions } from './session-options.ts'

/** Answers after which kafkajs must join the group again, so they are let out to it. */
const REJOIN = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
])

/** What a batch handler needs of its session. */
export interface SessionContext {
  readonly options: SessionOptions
  readonly consumer: Consumer
  /** Counts the assignments so far; a batch of an earlier one is stale. */
  generation(): number
  hasEnded(): boolean
  /** Ends the session because of a bug in the handler. */
  end(error: Error): void
  /** Timers that resume paused partitions. */
  readonly resumptions: Set<NodeJS.Timeout>
}

/**
 * Hands one fetched batch over and does what the result says. Nothing of the handler reaches
 * kafkajs as a throw, which would stop every partition and, after five tries, the consumer: only
 * the group's own errors do.
 */
export async function handleBatch(
  context: SessionContext,
  payload: EachBatchPayload,
): Promise<void> {
  const { options } = context
  const { batch, isRunning, isStale } = payload
  if (!isRunning() || isStale() || context.hasEnded() || batch.isEmpty()) return
  const where = { topic: options.names.aliasOf(batch.topic), partition: batch.partition }
  const heartbeat = heartbeats(context, payload, where)
  const generation = context.generation()
  const given: Batch = {
    ...where,
    records: batch.messages.map(inRecord),
    highWatermark: BigInt(batch.highWatermark),
    heartbeat: heartbeat.beat,
    isStale: () =>
      isStale() ||
      context.hasEnded() ||
      context.generation() !== generation ||
      heartbeat.error() !== undefined,
  }
  const result = await handle(context, given)
  // Also when the handler swallowed it: the partition may be somebody else's now.
  if (heartbeat.error() !== undefined) throw heartbeat.error()
  if (result === undefined || given.isStale()) return
  await carryOut(context, payload, { where, result })
}

function heartbeats(
  { options }: SessionContext,
  payload: EachBatchPayload,
  where: TopicPartition,
): { beat(): Promise<void>; error(): unknown } {
  let failure: unknown
  options.progress.active(where, performance.now())
  return {
    error: () => failure,
    async beat() {
      options.progress.active(where, performance.now())
      try {
        await payload.heartbeat()
      } catch (error) {
        failure ??= error
        throw error
      }
    },
  }
}

async function handle(context: SessionContext, batch: Batch): Promise<BatchResult | undefined> {
  try {
    return await context.options.onBatch(batch)
  } catch (error) {
    const { topic, partition } = batch
    const told = { topic, partition, error: errorName(error) }
    if (batch.isStale()) context.options.access.log.info(told, 'stale batch given up')
    else context.end(error instanceof Error ? error : new Error(String(error)))
    return undefined
  }
}

interface Handled {
  readonly where: TopicPartition
  readonly result: BatchResult
}

async function carryOut(
  context: SessionContext,
  payload: EachBatchPayload,
  { where, result }: Handled,
): Promise<void> {
  const { progress } = context.options
  const { batch } = payload
  switch (result.kind) {
    case 'done': {
      const next = BigInt(batch.lastOffset()) + 1n
      progress.moved(where, next, performance.now())
      payload.resolveOffset(batch.lastOffset())
      await commit(context, payload, next)
      return
    }
    case 'seek':
      seek(context, where, result.offset)
      return
    case 'retry': {
      const first = BigInt(batch.firstOffset() ?? batch.lastOffset())
      pause(context, payload, { where, afterMs: result.afterMs })
      seek(context, where, result.from)
      if (result.from > first) await commit(context, payload, result.from)
      return
    }
    default:
      assertNever(result)
  }
}

function seek({ consumer, options }: SessionContext, where: TopicPartition, offset: bigint): void {
  options.progress.moved(where, offset, performance.now())
  const topic = options.names.nameOf(where.topic)
  consumer.seek({ topic, partition: where.partition, offset: String(offset) })
}

function pause(
  { options, resumptions }: SessionContext,
  payload: EachBatchPayload,
  { where, afterMs }: { readonly where: TopicPartition; readonly afterMs: number },
): void {
  const resume = payload.pause()
  options.progress.paused(where, true)
  const timer = setTimeout(() => {
    resumptions.delete(timer)
    options.progress.paused(where, false)
    resume()
  }, afterMs)
  resumptions.add(timer)
}

/** The commit is a hint for the next owner; that it failed is no reason to stop. */
async function commit(
  { options }: SessionContext,
  { batch, commitOffsetsIfNecessary }: EachBatchPayload,
  next: bigint,
): Promise<void> {
  if (!options.commits) return
  const { topic, partition } = batch
  const partitions = [{ partition, offset: String(next) }]
  const ask = () => commitOffsetsIfNecessary({ topics: [{ topic, partitions }] })
  try {
    await (options.aroundCommit ? options.aroundCommit(ask) : ask())
  } catch (error) {
    const name = errorName(error)
    if (REJOIN.has(name)) throw error
    options.access.log.warn({ topic, partition, error: name }, 'commit failed')
  }
}
