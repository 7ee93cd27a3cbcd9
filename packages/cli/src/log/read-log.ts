import type { Batch, Bus, FollowOptions, InRecord, NextOffsets } from '@otn/bus'
import {
  type Codec,
  type Decoded,
  kafkaTopics,
  type RecordOf,
  type TopicAlias,
} from '@otn/contracts'

const CLOSE_MS = 5_000

/** A record with its place in the log; its Kafka topic tells which record it is. */
export type LogRecord<Alias extends TopicAlias = TopicAlias> = Alias extends TopicAlias
  ? Place & { readonly topic: Alias; readonly decoded: Decoded<RecordOf<Alias>> }
  : never

interface Place {
  readonly partition: number
  readonly offset: bigint
  /** When the broker took it, milliseconds since the epoch. */
  readonly timestampMs: number
  readonly key: string | null
  readonly headers: InRecord['headers']
}

export interface ReadLog<Alias extends TopicAlias> {
  readonly topics: readonly Alias[]
  readonly from?: NextOffsets
  /** `end`: read what stands there now, then finish; else follow until the signal. */
  readonly until?: 'end'
  readonly signal?: AbortSignal
  /** Looks at the bytes before they are decoded: most records of a long log are not wanted. */
  readonly wants?: (value: Buffer) => boolean
  /** The next record waits for it; a throw ends the reading as a crash. */
  readonly onRecord: (record: LogRecord<Alias>) => void | Promise<void>
  /** Called once when what stood there at the beginning is read. */
  readonly onCaughtUp?: () => void
}

interface Log {
  readonly bus: Pick<Bus, 'follow'>
  readonly codec: Codec
}

/**
 * Reads the log, in order within each partition.
 * @returns the next offsets, where a later reading would go on
 * @throws OTN_BUS_UNREACHABLE, OTN_BUS_TOPICS_WRONG
 */
export async function readLog<Alias extends TopicAlias>(
  { bus, codec }: Log,
  reading: ReadLog<Alias>,
): Promise<NextOffsets> {
  const { topics, from, until, signal } = reading
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => undefined)
  const options: FollowOptions = {
    topics,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    onBatch: (batch) => handOver(batch, { codec, reading }),
    onCrash: ended.reject,
  }
  const following = await bus.follow(options)
  const caughtUp = following.caughtUp.then(() => reading.onCaughtUp?.(), ended.reject)
  signal?.addEventListener('abort', () => ended.resolve(), { once: true })
  if (signal?.aborted) ended.resolve()
  try {
    await Promise.race([Promise.all([following.finished, caughtUp]), ended.promise])
    return following.positions
  } finally {
    await following.close(CLOSE_MS)
  }
}

async function handOver<Alias extends TopicAlias>(
  batch: Batch,
  { codec, reading }: { readonly codec: Codec; readonly reading: ReadLog<Alias> },
): Promise<void> {
  for (const record of batch.records) {
    if (reading.signal?.aborted) return
    if (reading.wants && record.value !== null && !reading.wants(record.value)) continue
    await reading.onRecord(await decoded(record, { codec, batch }))
  }
}

/** The one place that ties a Kafka topic to its record: the table of Kafka topics says so. */
async function decoded<Alias extends TopicAlias>(
  { offset, timestampMs, key, headers, value }: InRecord,
  { codec, batch: { topic, partition } }: { readonly codec: Codec; readonly batch: Batch },
): Promise<LogRecord<Alias>> {
  const { record } = kafkaTopics[topic]
  const place = { partition, offset, timestampMs, key: key?.toString('utf8') ?? null, headers }
  let read = codec.decode(record, value)
  if (read.kind === 'unknown-schema' && (await codec.learn(read.schemaId))) {
    read = codec.decode(record, value)
  }
  return { ...place, topic, decoded: read } as LogRecord<Alias>
}
