import type { Batch, InRecord } from '@otn/bus'
import {
  type Codec,
  kafkaTopics,
  type RecordOf,
  type Records,
  type TopicAlias,
} from '@otn/contracts'
import { isAppError } from '@otn/kernel'
import { usableIds } from '../domain/validate-notify.ts'
import type { Read } from '../inbox-ports.ts'

export interface Reading<T> {
  readonly reads: readonly Read<T>[]
  /** The first record whose schema nobody can be asked for now; null = all were read. */
  readonly stoppedAt: bigint | null
}

const NO_NAMES = { pageId: null, commandId: null } as const

/** Decodes the records of one partition in order; what cannot be read is set aside, not skipped. */
export async function readRecords<Alias extends TopicAlias>(
  codec: Codec,
  { topic, partition, records }: Pick<Batch, 'partition' | 'records'> & { readonly topic: Alias },
): Promise<Reading<Records[RecordOf<Alias>]>> {
  const name: RecordOf<Alias> = kafkaTopics[topic].record
  const reads: Read<Records[RecordOf<Alias>]>[] = []
  for (const record of records) {
    const source = { topic, partition, ...record }
    const decoded = await decodeOrLearn(codec, name, record.value)
    switch (decoded.kind) {
      case 'registry-away':
        return { reads, stoppedAt: record.offset }
      case 'known':
        reads.push({ kind: 'known', value: decoded.value, source })
        break
      case 'unreadable': {
        const names = decoded.reason === 'unknown-field' ? usableIds(decoded.names) : NO_NAMES
        const { reason, detail } = decoded
        reads.push({ kind: 'unusable', source, why: { reason, detail, ...names } })
        break
      }
      case 'unknown-schema': {
        const detail = `the registry knows no schema ${decoded.schemaId}`
        const why = { reason: 'unknown-schema', detail, ...NO_NAMES } as const
        reads.push({ kind: 'unusable', source, why })
        break
      }
      case 'unknown-type':
        // A fact younger than this build is none of its business; a command is somebody's wish.
        if (kafkaTopics[topic].kind === 'command') {
          const why = { reason: 'malformed', detail: `it is no ${name}`, ...NO_NAMES } as const
          reads.push({ kind: 'unusable', source, why })
        }
        break
    }
  }
  return { reads, stoppedAt: null }
}

type Readable = RecordOf<TopicAlias>

/** A schema not seen yet is asked for; while the registry is away the record waits. */
async function decodeOrLearn<Name extends Readable>(
  codec: Codec,
  name: Name,
  value: InRecord['value'],
) {
  const decoded = codec.decode(name, value)
  if (decoded.kind !== 'unknown-schema') return decoded
  try {
    return (await codec.learn(decoded.schemaId)) ? codec.decode(name, value) : decoded
  } catch (error) {
    if (isAppError(error) && error.retryable) return { kind: 'registry-away' as const }
    throw error
  }
}
