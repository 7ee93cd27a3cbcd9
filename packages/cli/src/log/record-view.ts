import { kafkaTopics } from '@otn/contracts'
import { showInstant } from '../output/instant.ts'
import { printable } from '../output/printable.ts'
import { masked } from './masked.ts'
import type { LogRecord } from './read-log.ts'

/** A record as `tail` gives it: the JSON shape is stable, fields are only ever added. */
export interface RecordView {
  readonly kafkaTopic: string
  readonly partition: number
  /** Decimal text. */
  readonly offset: string
  /** When the broker took it, ISO 8601. */
  readonly timestamp: string
  readonly key: string | null
  /** The record's `type`; the record's name where it has none. */
  readonly type: string
  /** Null where it cannot be read; `unreadable` says why then. */
  readonly record: Readonly<Record<string, unknown>> | null
  readonly unreadable: string | null
}

/** Fields that stand elsewhere on the line, or say nothing to people. */
const HIDDEN = new Set(['type', 'eventId', 'at', 'keyId', 'sealed', 'commandDigest'])

export function recordView(read: LogRecord): RecordView {
  const { partition, decoded } = read
  const { name, record: recordName } = kafkaTopics[read.topic]
  const place = {
    kafkaTopic: name,
    partition,
    offset: String(read.offset),
    timestamp: new Date(read.timestampMs).toISOString(),
  }
  switch (decoded.kind) {
    case 'known': {
      const record = masked(recordName, decoded.value)
      const type = typeof record.type === 'string' ? record.type : recordName
      return { ...place, key: keyOf(read, record), type, record, unreadable: null }
    }
    case 'unknown-type':
      return unreadable(place, decoded.type, 'a type younger than this build')
    case 'unknown-schema':
      return unreadable(place, recordName, `no schema has the id ${decoded.schemaId}`)
    case 'unreadable':
      return unreadable(place, recordName, `${decoded.reason}: ${decoded.detail}`)
  }
}

/** The same for people: one line. */
export function recordLine(view: RecordView, timestampMs: number): string {
  const place = `${view.kafkaTopic}/${view.partition}@${view.offset}`
  const head = `${showInstant(timestampMs)}  ${place}  ${printable(view.type)}`
  if (view.record === null) return `${head}  unreadable: ${printable(view.unreadable ?? '')}`
  const fields = Object.entries(view.record).filter(
    ([name, value]) => value !== null && value !== undefined && !HIDDEN.has(name),
  )
  return [head, ...fields.map(([name, value]) => `${name}=${shown(name, value)}`)].join('  ')
}

/** Who writes a command chooses its key: shown only where it has the form that ours have. */
function keyOf(
  { topic, key }: LogRecord,
  record: Readonly<Record<string, unknown>>,
): string | null {
  if (key === null || kafkaTopics[topic].kind !== 'command') return key
  return key === `${record.pageId}:${record.commandId}` ? key : '[not shown]'
}

function shown(name: string, value: unknown): string {
  if (typeof value === 'number' && /(At|Before)$/.test(name)) return showInstant(value)
  return printable(String(value))
}

function unreadable(
  place: Pick<RecordView, 'kafkaTopic' | 'partition' | 'offset' | 'timestamp'>,
  type: string,
  why: string,
): RecordView {
  return { ...place, key: null, type, record: null, unreadable: why }
}
