import type { Message } from 'kafkajs'

/** Header of a record batch, which `max.message.bytes` counts too (KIP-98, record batch v2). */
const BATCH_BYTES = 61
/** Length, attributes, time delta, offset delta, number of headers: varints at their longest. */
const RECORD_BYTES = 5 + 1 + 5 + 5 + 2
/** Length of a key, value or header part as a varint, at its longest. */
const LENGTH_BYTES = 5

/** Bytes that a record takes alone in a batch; at most some 30 more than it really does. */
export function recordBytes(message: Message): number {
  let bytes = BATCH_BYTES + RECORD_BYTES + 2 * LENGTH_BYTES
  bytes += sizeOf(message.key) + sizeOf(message.value)
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    bytes += 2 * LENGTH_BYTES + Buffer.byteLength(name)
    if (typeof value === 'string' || Buffer.isBuffer(value)) bytes += sizeOf(value)
  }
  return bytes
}

function sizeOf(part: Buffer | string | null | undefined): number {
  if (part === null || part === undefined) return 0
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length
}
