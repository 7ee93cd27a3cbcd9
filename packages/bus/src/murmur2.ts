const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** Kafka's hash of a key (`Utils.murmur2` of the Java client): a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const whole = data.length & ~3
  let h = SEED ^ data.length
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(littleEndian(data, at, 4), M)
    k = Math.imul(k ^ (k >>> R), M)
    h = Math.imul(h, M) ^ k
  }
  const rest = data.length - whole
  if (rest > 0) h = Math.imul(h ^ littleEndian(data, whole, rest), M)
  h = Math.imul(h ^ (h >>> 13), M)
  return h ^ (h >>> 15)
}

/**
 * The partition of a key among `partitions`, as Kafka's Java client and kafkajs choose it
 * (`toPositive(murmur2(key)) % partitions`).
 */
export function partitionOfKey(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions
}

function littleEndian(data: Uint8Array, at: number, count: number): number {
  let value = 0
  for (let index = 0; index < count; index += 1) {
    value |= (data[at + index] ?? 0) << (8 * index)
  }
  return value
}
