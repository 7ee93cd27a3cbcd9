/**
 * One pass over the bytes of a body before it is parsed. `JSON.parse` takes any depth, but what
 * it gives back overflows the stack of whoever walks it, so depth is bounded here.
 */
export interface JsonScan {
  /** Deepest nesting of arrays and objects. */
  readonly depth: number
  /** True where every number is digits alone, few enough for a double to hold them all. */
  readonly hasPlainNumbersOnly: boolean
}

/** Every whole number of 15 digits survives a double; of 16 not every one does. */
const EXACT_DIGITS = 15

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const ZERO = 0x30
const NINE = 0x39
/** What stands in a number beside digits, an exponent excepted: plus, minus, point. */
const NUMBER_SIGNS: ReadonlySet<number> = new Set([0x2b, 0x2d, 0x2e])
const EXPONENTS: ReadonlySet<number> = new Set([0x45, 0x65])

/** Reads bytes that may be anything: what is no JSON gives some answer, and never throws. */
export function scanJson(bytes: Uint8Array): JsonScan {
  let [level, depth, digits] = [0, 0, 0]
  let hasPlainNumbersOnly = true
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte >= ZERO && byte <= NINE) {
      digits += 1
      if (digits > EXACT_DIGITS) hasPlainNumbersOnly = false
      continue
    }
    if (NUMBER_SIGNS.has(byte) || (digits > 0 && EXPONENTS.has(byte))) hasPlainNumbersOnly = false
    digits = 0
    if (byte === QUOTE) at = endOfString(bytes, at)
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      level += 1
      if (level > depth) depth = level
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) level -= 1
  }
  return { depth, hasPlainNumbersOnly }
}

/** Index of the quote that closes the string opened at `start`, or the length where none does. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1
    else if (bytes[at] === QUOTE) return at
  }
  return bytes.length
}
