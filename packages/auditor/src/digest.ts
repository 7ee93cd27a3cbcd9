import { createHash } from 'node:crypto'
import { canonicalJson } from '@otn/kernel'

const SHORT_CHARACTERS = 22
const ID_DIGITS = 32

/** 132 bits of a SHA-256: tells two values apart in a sixth of the room of the value. */
export function shortDigest(value: unknown): string {
  const text = canonicalJson(value)
  return createHash('sha256').update(text).digest('base64url').slice(0, SHORT_CHARACTERS)
}

/** SHA-256 of a text, 64 hex digits, as `commandDigest` is written. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** An `eventId` as design 3 makes it: type, page and parts, joined by line feeds. */
export function factId(type: string, parts: readonly string[]): string {
  return sha256([type, ...parts].join('\n')).slice(0, ID_DIGITS)
}
