import { kafkaTopics } from '@otn/contracts'
import type { Message } from 'kafkajs'
import { partitionOfKey } from '../murmur2.ts'
import type { OutRecord } from '../record.ts'
import type { TopicNames } from '../topic-names.ts'
import type { AppendCall, AppendFailure } from './append-call.ts'
import type { PartitionRefusals } from './partition-refusals.ts'
import { type Pending, partitionKey } from './pending.ts'
import { recordBytes } from './record-size.ts'

/** A record with its partition and size. */
export type Prepared = Omit<Pending, 'call' | 'sinceMs'>

/** Gives each record its partition and size. */
export function prepare(records: readonly OutRecord[], names: TopicNames): readonly Prepared[] {
  return records.map(({ topic, key, value, headers }, index) => {
    const partition = partitionOfKey(key, kafkaTopics[topic].partitions)
    const message: Message = { key, value, headers: { ...headers }, partition }
    const bytes = recordBytes(message)
    return { index, topic, topicName: names.nameOf(topic), partition, message, bytes }
  })
}

export interface Backlog {
  readonly records: number
  readonly bytes: number
  readonly oldestMs: number
}

export interface Admission {
  readonly backlog: Backlog
  /** The most of each that may wait. */
  readonly bounds: Backlog
  readonly refusals: PartitionRefusals
  readonly nowMs: number
}

/** Why these records are not taken at all; undefined when they are. Nothing is queued before. */
export function refuseAppend(
  records: readonly Prepared[],
  { backlog, bounds, refusals, nowMs }: Admission,
): AppendFailure | undefined {
  const large = records.find(({ topic, bytes }) => bytes > kafkaTopics[topic].maxMessageBytes)
  if (large !== undefined) return tooLarge(large)
  const refused = records.find((it) => refusals.standing(partitionKey(it), nowMs) === 'refused')
  if (refused !== undefined) return partitionRefused(refused)
  const bytes = records.reduce((sum, record) => sum + record.bytes, backlog.bytes)
  const isFull =
    backlog.records + records.length > bounds.records ||
    // A single append larger than the bound is taken when nothing else waits.
    (bytes > bounds.bytes && backlog.records > 0) ||
    backlog.oldestMs > bounds.oldestMs
  return isFull ? full(backlog, bounds) : undefined
}

/** A record that a broker would not take either. */
export function tooLarge({ topic, partition, bytes }: Prepared): AppendFailure {
  const { maxMessageBytes } = kafkaTopics[topic]
  return {
    code: 'OTN_BUS_RECORD_TOO_LARGE',
    message: `a record for ${topic} takes ${bytes} bytes, at most ${maxMessageBytes} may be sent`,
    details: { topic, partition, bytes, maxMessageBytes },
  }
}

/** The partition's last send failed, the time to try it again has not come. */
export function partitionRefused({ topic, partition }: Prepared): AppendFailure {
  return {
    code: 'OTN_BUS_PARTITION_REFUSED',
    message: `partition ${partition} of ${topic} is not writable now, try again in some seconds`,
    details: { topic, partition },
  }
}

function full(backlog: Backlog, bounds: Backlog): AppendFailure {
  return {
    code: 'OTN_BUS_FULL',
    message:
      `${backlog.records} records wait (at most ${bounds.records}), ${backlog.bytes} bytes ` +
      `(${bounds.bytes}), the oldest for ${Math.round(backlog.oldestMs)} ms (${bounds.oldestMs})`,
    details: { ...backlog },
  }
}

/** Stamps prepared records with their caller and time. */
export function enqueue(
  records: readonly Prepared[],
  call: AppendCall,
  sinceMs: number,
): readonly Pending[] {
  return records.map((record) => ({ ...record, call, sinceMs }))
}
