import type { Mask } from './mask-secrets.ts'

/**
 * Parses the body of an answer, every text in it masked. Null where it is no JSON in UTF-8.
 * Never throws: nesting that exhausts the stack counts as no JSON.
 */
export function parseAnswer(bytes: Uint8Array, mask: Mask): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return JSON.parse(text, (_name, value: unknown) => masked(value, mask))
  } catch {
    return null
  }
}

/** A member whose name holds a secret takes its object with it: nobody reads such an answer. */
function masked(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') return mask(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.keys(value).every((name) => mask(name) === name) ? value : null
}
