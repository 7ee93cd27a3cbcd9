import type { IHeaders, KafkaMessage } from 'kafkajs'
import type { InRecord } from '../record.ts'

/** Reads a message of kafkajs, whose numbers are text and whose headers are bytes or lists. */
export function inRecord({ offset, key, value, headers, timestamp }: KafkaMessage): InRecord {
  return {
    offset: BigInt(offset),
    key,
    value,
    headers: textHeaders(headers),
    timestampMs: Number(timestamp),
  }
}

function textHeaders(headers: IHeaders | undefined): Record<string, string | undefined> {
  const texts: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(headers ?? {})) {
    // A header written twice comes as a list; the first one is taken, as Kafka's consumers do not
    // agree on more.
    const first = Array.isArray(value) ? value[0] : value
    texts[name] = Buffer.isBuffer(first) ? first.toString('utf8') : first
  }
  return texts
}
