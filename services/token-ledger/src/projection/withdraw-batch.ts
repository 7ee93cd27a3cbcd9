/**
 * One batch of consent commands. Kafka's commit is all that is remembered of them: whether a
 * command that comes again was carried out is read off the fold, once that has reached the end of
 * the token events; so neither a crash nor a rebuild withdraws what was granted since.
 */
import type { Batch, BatchResult, InRecord } from '@otn/bus'
import type { Codec } from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import { usableIds } from '../domain/withdraw-consent.ts'
import type { Parking, ReadCommand, Unusable } from '../log-ports.ts'
import type { ReadModel, Store } from '../ports.ts'
import type { BatchPlace } from '../telemetry.ts'
import { decodeOrWait } from './decode-record.ts'
import { keepAlive } from './keep-alive.ts'

export interface Withdrawing {
  readonly store: Pick<Store, 'now'>
  readonly codec: Codec
  readonly parking: Parking
  /** Resolves to whether the token events of now were folded in time. */
  readonly caughtUp: () => Promise<boolean>
  readonly handle: (commands: readonly ReadCommand[], model: ReadModel) => Promise<void>
  readonly tell: WithdrawTelemetry
  /** Name of the Kafka topic on the cluster. */
  readonly kafkaTopic: string
  readonly fail: (error: Error) => void
}

export interface WithdrawTelemetry {
  commandParked(reason: string): void
  batchWaits(place: BatchPlace, error: unknown, afterMs: number): void
  registryAway(place: BatchPlace, afterMs: number): void
}

const WAIT_MS = 500
const SCHEMA_WAIT_MS = 1_000

interface Work {
  readonly batch: Batch
  readonly place: BatchPlace
}

/**
 * Handles batches of a group consumer. Errors become waiting, or end the process; a membership that
 * is lost meanwhile is neither: it goes out to the consumer, which joins again.
 */
export function withdrawBatches(withdrawing: Withdrawing): (batch: Batch) => Promise<BatchResult> {
  return (batch) => {
    const place = { kafkaTopic: withdrawing.kafkaTopic, partition: batch.partition }
    return keepAlive(batch, withdrawOrWait(withdrawing, { batch, place }))
  }
}

async function withdrawOrWait(withdrawing: Withdrawing, work: Work): Promise<BatchResult> {
  const { tell, fail } = withdrawing
  try {
    return await withdrawBatch(withdrawing, work)
  } catch (error) {
    const canWait = isAppError(error) && error.retryable
    if (!canWait) fail(error instanceof Error ? error : new Error(String(error)))
    tell.batchWaits(work.place, error, WAIT_MS)
    return { kind: 'retry', afterMs: WAIT_MS, from: work.batch.records[0]?.offset ?? 0n }
  }
}

async function withdrawBatch(
  { store, codec, parking, caughtUp, handle, tell }: Withdrawing,
  { batch, place }: Work,
): Promise<BatchResult> {
  const { commands, unusable, stoppedAt } = await readCommands(batch, codec)
  if (unusable.length > 0) await parking.park(unusable)
  for (const { reason } of unusable) tell.commandParked(reason)
  if (commands.length > 0) {
    if (!(await caughtUp())) {
      tell.batchWaits(place, new Error('the token events of now are not folded yet'), WAIT_MS)
      return { kind: 'retry', afterMs: WAIT_MS, from: batch.records[0]?.offset ?? 0n }
    }
    await handle(commands, (await store.now()).model)
  }
  if (stoppedAt === null) return { kind: 'done' }
  tell.registryAway(place, SCHEMA_WAIT_MS)
  return { kind: 'retry', afterMs: SCHEMA_WAIT_MS, from: stoppedAt }
}

interface Commands {
  readonly commands: readonly ReadCommand[]
  readonly unusable: readonly Unusable[]
  readonly stoppedAt: bigint | null
}

async function readCommands({ partition, records }: Batch, codec: Codec): Promise<Commands> {
  const commands: ReadCommand[] = []
  const unusable: Unusable[] = []
  for (const record of records) {
    const read = await decodeOrWait(codec, 'WithdrawConsent', record.value)
    if (read === 'registry-away') return { commands, unusable, stoppedAt: record.offset }
    const source = sourceOf(record, partition)
    if (read.kind === 'known') commands.push({ value: read.value, source })
    if (read.kind !== 'unusable') continue
    const { reason, detail, names } = read
    const named = names === undefined ? {} : { names: usableIds(names) }
    unusable.push({ ...source, reason, detail, ...named })
  }
  return { commands, unusable, stoppedAt: null }
}

function sourceOf(record: InRecord, partition: number): ReadCommand['source'] {
  return { position: { topic: 'consent', partition, offset: record.offset }, record }
}
