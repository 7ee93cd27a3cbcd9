import { asItIs, type Mask } from './mask-secrets.ts'

/** Ids that a verdict rests on: words of a message that stand in one by chance stay. */
const IDS: ReadonlySet<string> = new Set(['message_id', 'recipient_id'])

/**
 * Parses the body of an answer, every text in it masked. Null where it is no JSON in UTF-8.
 * Never throws: nesting that exhausts the stack counts as no JSON.
 * @param maskWords for texts that are no ids, and for no name
 */
export function parseAnswer(bytes: Uint8Array, mask: Mask, maskWords: Mask = asItIs): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const read = (name: string, value: unknown) => {
      const kept = masked(value, mask)
      return typeof kept === 'string' && !IDS.has(name) ? maskWords(kept) : kept
    }
    return JSON.parse(text, read)
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
