/**
 * Reads named members out of parsed JSON, one at a time, into values of our own. Nothing is
 * merged or copied whole, so a member named `__proto__` is only a member that nobody asks for.
 */

export type JsonObject = Readonly<Record<string, unknown>>

/** Below this an instant is in seconds: ms since the epoch have passed 10^12 in 2001. */
const SECONDS_BELOW = 1e12
/** Opaque printable text; no colon, because ids are joined by it where pseudonyms are derived. */
const ID = /^[!-9;-~]{1,128}$/
const DIGITS = /^\d{1,15}$/
/** The last instant that a date can hold (ECMAScript, time values). */
const INSTANT_MAX = 8.64e15

export function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** An own member; undefined where it is absent or `json` is no object. */
export function member(json: unknown, name: string): unknown {
  return isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined
}

/** A text that survives UTF-8 as it is, or null. */
function readText(json: unknown): string | null {
  return typeof json === 'string' && json.isWellFormed() ? json : null
}

/** The same, and not empty. */
export function readFilledText(json: unknown): string | null {
  return readText(json) || null
}

/** An id given as text or as a JSON number, as its text; null where it is neither. */
export function readId(json: unknown): string | null {
  if (typeof json === 'number') return Number.isSafeInteger(json) && json >= 0 ? `${json}` : null
  return typeof json === 'string' && ID.test(json) ? json : null
}

/** An instant in ms since the epoch, scaled where it came in seconds; null where it is none. */
export function readInstant(json: unknown): number | null {
  const value = typeof json === 'string' && DIGITS.test(json) ? Number(json) : json
  if (typeof value !== 'number' || !Number.isInteger(value)) return null
  if (value <= 0 || value > INSTANT_MAX) return null
  return value < SECONDS_BELOW ? value * 1000 : value
}
