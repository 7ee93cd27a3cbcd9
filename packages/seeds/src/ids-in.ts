/** `[S0-24]`, `[S0-03, S1-23]`, and what was meant to be one, such as `[S0-4]`. */
const BRACKETS = /\[((?:[SDU]\d?-\d+|U\d+)(?:\s*,\s*(?:[SDU]\d?-\d+|U\d+))*)\]/gi

/** The ids that a title carries in brackets, in order, known or not. */
export function idsIn(title: string): readonly string[] {
  const lists = [...title.matchAll(BRACKETS)].map(([, list = '']) => list)
  return [...new Set(lists.flatMap((list) => list.split(/\s*,\s*/)))]
}
