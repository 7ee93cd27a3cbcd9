/**
 * Between documents of the domain and BSON: an instant is a number of ms in code and a date in
 * MongoDB, told apart by its name (`at`, `grantedAt`, …). Bytes stay bytes.
 */
import type { Document } from 'mongodb'

const INSTANT = /^at$|At$/
/** Beyond it there are no dates (ECMA-262): a far `notBefore` of a caller must not break a fold. */
const DATE_MS_MAX = 8.64e15

export function toBson(document: object): Document {
  const members = Object.entries(document).map(([name, value]) => [name, written(name, value)])
  return Object.fromEntries(members)
}

/** What `toBson` wrote; the caller names the type that it wrote. */
export function fromBson<T>(document: Document): T {
  return read(document) as T
}

function written(name: string, value: unknown): unknown {
  const isInstant = typeof value === 'number' && INSTANT.test(name)
  if (isInstant && Math.abs(value) <= DATE_MS_MAX) return new Date(value)
  if (Array.isArray(value)) return value.map((item) => written('', item))
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return toBson(value)
}

function read(value: unknown): unknown {
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map(read)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, read(member)]))
}
