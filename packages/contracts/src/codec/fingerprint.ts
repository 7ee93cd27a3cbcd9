import { createHash } from 'node:crypto'
import { canonicalJson } from '@otn/kernel'

const PROSE = new Set(['doc', 'personal', 'brand', 'variants'])

/**
 * SHA-256 of a schema without its prose, 64 hex digits. Unlike Avro's parsing canonical form it
 * keeps defaults and logical types, because a change of either changes what is read.
 */
export function fingerprint(schema: unknown): string {
  return createHash('sha256')
    .update(canonicalJson(withoutProse(schema)))
    .digest('hex')
}

function withoutProse(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutProse)
  if (typeof node !== 'object' || node === null) return node
  const kept = Object.entries(node).filter(([name]) => !PROSE.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutProse(value)]))
}
