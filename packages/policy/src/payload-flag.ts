/**
 * What is told of a payload that carries what it must not. Consent is consent whatever its words:
 * nothing is held back, somebody is to mend what asks like that.
 */
import { findPersonalData, findSensitiveWords } from './personal-data.ts'
import type { TopicNaming } from './topic-rules.ts'

/** The platform takes no longer payload of a button; nobody else's is read to its end. */
const UNITS_READ_MAX = 1000

/** Flags in a fixed order, separated by commas; null = nothing was found. */
export function payloadFlag(payload: string, named: TopicNaming['payloadFlag']): string | null {
  const text = payload.slice(0, UNITS_READ_MAX)
  const flags = [
    ...(named === null ? [] : [named]),
    ...findPersonalData(text).map((kind) => `personal-data:${kind}`),
    ...findSensitiveWords(text).map((kind) => `sensitive-words:${kind}`),
  ]
  return flags.length === 0 ? null : flags.join(',')
}
