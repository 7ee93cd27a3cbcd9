import type { InRecord } from '@otn/bus'
import {
  type AlarmEvent,
  type Codec,
  type Decoded,
  kafkaTopics,
  type RecordName,
  type TopicAlias,
} from '@otn/contracts'
import type { AuditedTopic, AuditRecord } from '../audit-record.ts'

/** What a batch says about its records. */
export interface Whence {
  readonly topic: TopicAlias
  readonly partition: number
}

/**
 * A record as the audit takes it in; null for a fact of a type younger than this build.
 * @throws OTN_REGISTRY_UNREACHABLE while a new schema cannot be asked for
 */
export async function decodeAudited(
  record: InRecord,
  { codec, topic, partition }: Whence & { readonly codec: Codec; readonly topic: AuditedTopic },
): Promise<AuditRecord | null> {
  const { offset, timestampMs, key } = record
  const place = { topic, partition, offset, timestampMs }
  const decoded = await decode(kafkaTopics[topic].record, { codec, value: record.value })
  switch (decoded.kind) {
    case 'known':
      return asAudited({ topic, place, key: key?.toString('utf8') ?? null, value: decoded.value })
    case 'unknown-type':
      return null
    case 'unreadable':
    case 'unknown-schema':
      return { kind: 'unreadable', topic, place }
  }
}

/** Null where it is no alarm that can be read. */
export async function decodeAlarm({ value }: InRecord, codec: Codec): Promise<AlarmEvent | null> {
  const decoded = await decode('AlarmEvent', { codec, value })
  return decoded.kind === 'known' ? decoded.value : null
}

async function decode<Name extends RecordName>(
  name: Name,
  { codec, value }: { readonly codec: Codec; readonly value: Buffer | null },
): Promise<Decoded<Name>> {
  const first = codec.decode(name, value)
  if (first.kind !== 'unknown-schema' || !(await codec.learn(first.schemaId))) return first
  return codec.decode(name, value)
}

/** The one place that ties a Kafka topic to its record: the table of Kafka topics says so. */
function asAudited(parts: Omit<Extract<AuditRecord, { kind: 'known' }>, 'kind'>): AuditRecord {
  return { kind: 'known', ...parts } as AuditRecord
}
