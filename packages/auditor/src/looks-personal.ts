import type { AuditRecord } from './audit-record.ts'

const DIGITS = /^\d{6,}$/
const PERSON = /^[A-Za-z0-9_-]{22}$/
const TOKEN_ID = /^[0-9a-f]{32}$/

/** Kafka topics whose key is a person or a command; those of pages are keyed by the page's id. */
const KEYED_BY_PERSON: ReadonlySet<string> = new Set([
  'optIn',
  'token',
  'notification',
  'optInRequestEvent',
])

/**
 * Which field of a record of ours looks like an id of the platform instead of a pseudonym; null
 * where none does. Never the value itself. Commands come from others, in clear, and are not asked.
 */
export function looksPersonal(record: Extract<AuditRecord, { kind: 'known' }>): string | null {
  const { topic, key, value } = record
  if (!KEYED_BY_PERSON.has(topic)) return null
  if (key !== null && DIGITS.test(key)) return 'the key'
  const person = 'person' in value ? value.person : null
  if (person && !PERSON.test(person)) return 'the field person'
  const tokenId = 'tokenId' in value ? value.tokenId : null
  return tokenId && !TOKEN_ID.test(tokenId) ? 'the field tokenId' : null
}
