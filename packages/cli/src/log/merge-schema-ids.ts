import type { IdsByFingerprint } from '@otn/contracts'

/**
 * Adds ids to those known. Append-only: what stands there stays, for records written under an old
 * id are read for ever.
 * @returns all ids, or the fingerprint that contradicts: known under another id, or with an id
 *   that is known to stand for another schema
 */
export function mergeSchemaIds(
  known: IdsByFingerprint,
  ids: IdsByFingerprint,
): { readonly all: IdsByFingerprint } | { readonly contradicts: string } {
  const owners = new Map(Object.entries(known).map(([print, id]) => [id, print]))
  const contradiction = Object.entries(ids).find(
    ([print, id]) => (known[print] ?? id) !== id || (owners.get(id) ?? print) !== print,
  )
  if (contradiction) return { contradicts: contradiction[0] }
  return { all: { ...known, ...ids } }
}

/** The content of a `SCHEMA_IDS_FILE`; null where it is none. */
export function parseSchemaIds(text: string): IdsByFingerprint | null {
  try {
    const ids: unknown = JSON.parse(text)
    return isIds(ids) ? ids : null
  } catch {
    return null
  }
}

function isIds(value: unknown): value is IdsByFingerprint {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(
    ([print, id]) => /^[0-9a-f]{64}$/.test(print) && Number.isInteger(id),
  )
}
