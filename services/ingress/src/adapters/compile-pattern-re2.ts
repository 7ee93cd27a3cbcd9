import { RE2JS } from 're2js'
import type { CompilePattern } from '../domain/topic-rules.ts'

const PATTERN_CHARACTERS_MAX = 512
/** The platform's sister fields hold 1000; a longer payload is left to the other kinds of rules. */
const PAYLOAD_CHARACTERS_MAX = 4_096

/**
 * Regular expressions in linear time (RE2 syntax), found anywhere in the payload: a pattern of one
 * page must not be able to stop the webhooks of all.
 */
export const compilePattern: CompilePattern = (pattern) => {
  if (pattern.length > PATTERN_CHARACTERS_MAX) return null
  try {
    const compiled = RE2JS.compile(pattern)
    return (text) => text.length <= PAYLOAD_CHARACTERS_MAX && compiled.test(text)
  } catch {
    return null
  }
}
