/**
 * Cuts Kafka's byte stream into its messages. A message is four bytes of size and a body; a request
 * starts with api key, version and correlation id, an answer with the correlation id
 * (kafka.apache.org/protocol, "Protocol Primitives").
 */

/** Api keys that tests aim at. */
export const kafkaApi = { produce: 0, fetch: 1, metadata: 3, offsetCommit: 8 } as const

export interface KafkaRequest {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  /** 1 for the first request of this api key through this proxy, over all connections. */
  readonly ordinal: number
}

const SIZE_BYTES = 4

/** Feed it chunks; it hands on whole messages, size included, in order. */
export function frameSplitter(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + rest.readInt32BE(0)
      if (rest.length < end) return
      const frame = rest.subarray(0, end)
      rest = rest.subarray(end)
      onFrame(frame)
    }
  }
}

/** What a request's first bytes say. */
export function readRequestHead(frame: Buffer): Omit<KafkaRequest, 'ordinal'> {
  return {
    apiKey: frame.readInt16BE(SIZE_BYTES),
    apiVersion: frame.readInt16BE(SIZE_BYTES + 2),
    correlationId: frame.readInt32BE(SIZE_BYTES + 4),
  }
}

/** The correlation id of an answer. */
export function answerCorrelationId(frame: Buffer): number {
  return frame.readInt32BE(SIZE_BYTES)
}
