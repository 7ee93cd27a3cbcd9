import { RE2JS } from 're2js'

const PATTERN_CHARACTERS_MAX = 512
/**
 * Linear time is payload times program: 512 steps for each of 4,096 characters stay below 50 ms,
 * where counted repeats could ask for seven times as much.
 */
const PROGRAM_STEPS_MAX = 512
/** The platform's sister fields hold 1000; a longer payload is left to the other kinds of rules. */
const PAYLOAD_CHARACTERS_MAX = 4_096

/**
 * Regular expressions in linear time (RE2 syntax), found anywhere in the payload: a pattern of one
 * page must not be able to stop the webhooks of all.
 * @returns null where the pattern is none, or asks for more than that
 */
export function compilePattern(pattern: string): ((text: string) => boolean) | null {
  if (pattern.length > PATTERN_CHARACTERS_MAX) return null
  try {
    const compiled = RE2JS.compile(pattern)
    if (compiled.programSize() > PROGRAM_STEPS_MAX) return null
    return (text) => text.length <= PAYLOAD_CHARACTERS_MAX && compiled.test(text)
  } catch {
    return null
  }
}
