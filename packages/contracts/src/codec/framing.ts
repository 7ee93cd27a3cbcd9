/**
 * Confluent wire format: magic byte 0, schema id as 4 bytes big-endian, Avro body.
 * @see Confluent Platform documentation, "Wire format".
 */
const HEAD_BYTES = 5

export function frame(schemaId: number, body: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  framed[0] = 0
  framed.writeInt32BE(schemaId, 1)
  body.copy(framed, HEAD_BYTES)
  return framed
}

/** The schema id and body of a framed value; null where the bytes are not framed. */
export function unframe(
  value: Buffer,
): { readonly schemaId: number; readonly body: Buffer } | null {
  if (value.length < HEAD_BYTES || value[0] !== 0) return null
  return { schemaId: value.readInt32BE(1), body: value.subarray(HEAD_BYTES) }
}
