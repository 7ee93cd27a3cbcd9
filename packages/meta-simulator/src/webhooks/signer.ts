import { hash } from 'node:crypto'

/** @returns the HMAC of a message, lower-case hex */
export type Signer = (message: Buffer) => string

/** Of both hashes. */
const BLOCK_BYTES = 64

/**
 * HMAC under one key by hashing twice: half the CPU time of `createHmac`, which looks up and sets
 * up its algorithm for every message.
 *
 * @see RFC 2104, section 2
 */
export function createSigner(algorithm: 'sha256' | 'sha1', secret: string): Signer {
  const key = Buffer.alloc(BLOCK_BYTES)
  const given = Buffer.from(secret, 'utf8')
  const isLong = given.length > BLOCK_BYTES
  key.set(isLong ? hash(algorithm, given, 'buffer') : given)
  const inner = key.map((byte) => byte ^ 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + hash(algorithm, '', 'buffer').length)
  outer.set(key.map((byte) => byte ^ 0x5c))
  // Kept from message to message: what is new each time has to be collected.
  let padded = Buffer.from(inner)
  return (message) => {
    const size = BLOCK_BYTES + message.length
    if (padded.length < size) padded = Buffer.concat([inner], 2 * size)
    padded.set(message, BLOCK_BYTES)
    // As text: a hash that is handed over as a buffer costs twice as much.
    outer.write(hash(algorithm, padded.subarray(0, size), 'binary'), BLOCK_BYTES, 'binary')
    return hash(algorithm, outer, 'hex')
  }
}
