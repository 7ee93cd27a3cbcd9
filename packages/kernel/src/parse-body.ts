import { scanJson } from './scan-json.ts'

/** Webhooks nest nine levels; below this a body is not one, and walking it stays harmless. */
const DEPTH_MAX = 32

export type ParsedBody =
  | { readonly kind: 'parsed'; readonly json: unknown }
  | { readonly kind: 'unusable'; readonly reason: 'body-not-json' | 'body-too-deep' }

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** The third argument of a reviver (ECMAScript, JSON.parse source text access) lacks types yet. */
const parse = JSON.parse as (text: string, reviver?: Reviver) => unknown

/**
 * Parses the bytes of a verified body. A number that a double does not write back as it came, and
 * any whole one of 2^53 or more, becomes its source text, so an id keeps its digits; never throws.
 */
export function parseBody(bytes: Uint8Array): ParsedBody {
  const { depth, hasPlainNumbersOnly } = scanJson(bytes)
  if (depth > DEPTH_MAX) return { kind: 'unusable', reason: 'body-too-deep' }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // The reviver costs five times the parsing, so it runs only where it can change something.
    return { kind: 'parsed', json: hasPlainNumbersOnly ? parse(text) : parse(text, exactNumber) }
  } catch {
    return { kind: 'unusable', reason: 'body-not-json' }
  }
}

function exactNumber(_key: string, value: unknown, { source }: { readonly source?: string }) {
  if (typeof value !== 'number' || source === undefined) return value
  return String(value) !== source || isBeyondExact(value, source) ? source : value
}

/**
 * Some whole numbers of 2^53 and more come back from a double as they went in. They are ids like
 * their neighbours all the same, and nobody could tell them from a neighbour that was rounded.
 */
function isBeyondExact(value: number, source: string): boolean {
  return !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
}
