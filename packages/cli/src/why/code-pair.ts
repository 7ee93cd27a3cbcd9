import type { CodePair } from '@otn/graph-api/answers'

const CODE_PAIR = /^(-?\d{1,10})(?:\/(\d{1,10}))?$/

/** `100`, `10/2018278` or `-1`; null where the word is no code. */
export function readCodePair(word: string): CodePair | null {
  const [, code, subcode] = CODE_PAIR.exec(word) ?? []
  if (code === undefined) return null
  return { code: Number(code), subcode: subcode === undefined ? null : Number(subcode) }
}
